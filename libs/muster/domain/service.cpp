#include <muster/domain/service.hpp>

#include <utility>

#include <muster/base/hash.hpp>

namespace muster {

ProjectSpec project_of(std::string name, Url url) {
    ServiceSpec app;
    app.project = name;
    app.name = "app";
    app.type = ServiceType::api;
    app.probe = HttpProbeSpec{with_path(url, "/health")};
    app.policy.failure_threshold = 1;
    app.policy.interval = 10s;

    ProjectSpec project;
    project.name = std::move(name);
    project.metrics = MetricsSpec{.url = with_path(url, "/metrics")};
    project.url = std::move(url);
    project.services.push_back(std::move(app));
    return project;
}

SharedService share(Service service) {
    return std::make_shared<Service const>(std::move(service));
}

SharedProject share(Project project) {
    return std::make_shared<Project const>(std::move(project));
}

std::uint64_t identity_of(ServiceSpec const& spec) {
    return stable_hash(spec.project + "/" + spec.name);
}

bool reuses_connection(ServiceSpec const& spec) noexcept {
    switch (spec.connection) {
        case ConnectionPolicy::automatic:
            return spec.policy.interval <= 5s;
        case ConnectionPolicy::reuse:
            return true;
        case ConnectionPolicy::fresh:
            return false;
    }
    return false;
}

}  // namespace muster
