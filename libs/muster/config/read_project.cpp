#include <muster/config/read_project.hpp>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <muster/config/mapping.hpp>
#include <muster/config/read_policy.hpp>
#include <muster/config/read_service.hpp>
#include <muster/config/reserved_name.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/metrics_map.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

constexpr std::string_view kWantsProjectName =
    "a name: letters, digits, - and _, at most 100, not only digits";

constexpr std::string_view kWantsPath = "a path that starts with /, such as /health";

/// Keys that say something of a project's URL, and of `app`, which it is checked by.
constexpr std::array<std::string_view, 18> kWithUrlOnly{"healthCheckInterval",
                                                        "timeout",
                                                        "retries",
                                                        "successThreshold",
                                                        "degradedAbove",
                                                        "failuresOf",
                                                        "hysteresis",
                                                        "grace",
                                                        "connection",
                                                        "healthPath",
                                                        "fallback",
                                                        "dependsOn",
                                                        "metrics",
                                                        "metricsMap",
                                                        "metricsCheckInterval",
                                                        "metricsPath",
                                                        "statusPath",
                                                        "logsPath"};

/// The value of `name`, which must be there.
std::optional<std::string> name_of(Reading& reading, Mapping const& from) {
    auto const* field = from.find("name");
    if (field == nullptr) {
        reading.refuse(from.node(),
                       "'name' is missing: it wants " + std::string(kWantsProjectName));
        return std::nullopt;
    }
    auto name = scalar_of(reading, field->value, "name", kWantsProjectName);
    if (name == kReservedProjectName) {
        reading.refuse(field->value, "'name': " + std::string(kWhyReserved));
        return std::nullopt;
    }
    if (name && !is_valid_project_name(*name)) {
        refuse_value(reading, field->value, "name", kWantsProjectName);
        return std::nullopt;
    }
    return name;
}

/// The path that the field gives, fit for a request; nothing: not given, or refused.
std::optional<std::string> path_of(Reading& reading, Mapping const& from, std::string_view key) {
    auto const* field = from.find(key);
    if (field == nullptr) {
        return std::nullopt;
    }
    auto const path = scalar_of(reading, field->value, key, kWantsPath);
    if (!path) {
        return std::nullopt;
    }
    auto const read = parse_url("http://host" + *path);
    if (path->empty() || path->front() != '/' || !read) {
        refuse_value(reading, field->value, key, kWantsPath);
        return std::nullopt;
    }
    if (refuse_mask(reading, field->value, key, *read)) {
        return std::nullopt;
    }
    return read->target;
}

/// What Prometheus text of the project means: a map from figure to expression, whose `apiUsage` may
/// be a map of its own.
class MetricsMapReader {
public:
    MetricsMapReader(Reading& reading, std::map<std::string, std::string>& out)
        : reading_(reading), out_(out) {}

    void read(Mapping const& from) {
        each_field(reading_, from, "metricsMap",
                   "figures with expressions, such as { requestsPerSecond: rate(requests_total) }",
                   [this](YamlNode name, YamlNode value) { take(name, value); });
        if (out_.size() > MetricsMap::kMaxFields) {
            reading_.refuse(from.find("metricsMap")->value,
                            "'metricsMap' wants at most " + std::to_string(MetricsMap::kMaxFields) +
                                " figures");
        }
    }

private:
    void take(YamlNode name, YamlNode value) {
        constexpr std::string_view kUsage = "apiUsage";
        if (name.text() != kUsage || value.kind() != NodeKind::map) {
            add(std::string(name.text()), name, value);
            return;
        }
        for (auto at = value.begin(); at != value.end(); ++at) {
            auto const api = *at;
            auto const expression = *++at;
            if (api.kind() == NodeKind::scalar && refuse_name(reading_, api, kUsage)) {
                continue;
            }
            if (api.kind() == NodeKind::scalar) {
                add(std::string(kApiUsagePrefix) + std::string(api.text()), api, expression);
            } else {
                reading_.refuse(api, "a key must be a word");
            }
        }
    }

    void add(std::string figure, YamlNode name, YamlNode value) {
        if (auto const known = check_metrics_field(figure); !known) {
            reading_.refuse(name, "'metricsMap': " + known.error().message);
            return;
        }
        auto text = scalar_of(reading_, value, figure, "an expression over the project's series");
        if (!text) {
            return;
        }
        if (auto const expression = parse_metrics_expression(*text); !expression) {
            if (*text == value.text()) {
                reading_.refuse(value, in_quotes(figure) + ": " + expression.error().message);
            } else {
                refuse_value(reading_, value, figure, "an expression over the project's series");
            }
            return;
        }
        if (!out_.emplace(figure, *std::move(text)).second) {
            reading_.refuse(name, in_quotes(figure) + " is given twice");
        }
    }

    Reading& reading_;
    std::map<std::string, std::string>& out_;
};

void read_services(Reading& reading, Mapping const& from, ServiceDefaults const& defaults,
                   ProjectSpec& project) {
    auto const* field = from.find("services");
    if (field == nullptr || field->value.kind() == NodeKind::nothing) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        refuse_value(reading, field->value, "services", "a list of services (- name: ...)");
        return;
    }
    std::map<std::string, int, std::less<>> lines;
    for (auto const entry : field->value) {
        auto service = read_service(reading, entry, project, defaults);
        auto const name = name_in(reading, entry);
        auto const [first, is_new] = lines.emplace(name, entry.line());
        if (name == "app") {
            reading.refuse(entry,
                           "'app' is the service that every project has by its url: give "
                           "this one another name");
        } else if (!name.empty() && !is_new) {
            reading.refuse(entry, "service '" + name + "' of project '" + project.name +
                                      "' is already given in line " +
                                      std::to_string(first->second));
        } else if (service) {
            project.services.push_back(*std::move(service));
        }
    }
}

void read_metrics(Reading& reading, Mapping const& from, ProjectSpec& project) {
    auto& metrics = *project.metrics;
    metrics.url =
        with_path(project.url, path_of(reading, from, "metricsPath").value_or("/metrics"));
    read_duration(reading, from, "metricsCheckInterval", kIntervalBounds, metrics.interval);
    MetricsMapReader(reading, metrics.map).read(from);
    bool collected = true;
    read_flag(reading, from, "metrics", collected);
    if (!collected) {
        project.metrics.reset();
    }
}

/// The service `app`, which the project's own keys describe.
void read_app(Reading& reading, Mapping const& from, ProjectSpec& project) {
    auto& app = project.services.front();
    app.critical = project.critical;
    app.tags = project.tags;
    app.group = project.group;
    HttpProbeSpec probe;
    read_flag(reading, from, "fallback", probe.fallback);
    auto const path = path_of(reading, from, "healthPath");
    if (path && probe.fallback) {
        reading.refuse(from.find("healthPath")->name,
                       "'healthPath' says which path is checked, 'fallback' tries the known ones: "
                       "give one of them");
    }
    probe.url = probe.fallback ? project.url : with_path(project.url, path.value_or("/health"));
    app.probe = std::move(probe);
    read_policy(reading, from, "healthCheckInterval", app.policy);
    read_enum(reading, from, "connection", app.connection);
    read_relations(reading, from, app);
}

void read_former_name(Reading& reading, Mapping const& from, ProjectSpec& project) {
    auto const* field = from.find("formerly");
    if (field == nullptr) {
        return;
    }
    auto name = scalar_of(reading, field->value, "formerly", kWantsProjectName);
    if (name == kReservedProjectName) {
        reading.refuse(field->value, "'formerly': " + std::string(kWhyReserved));
    } else if (name && !is_valid_project_name(*name)) {
        refuse_value(reading, field->value, "formerly", kWantsProjectName);
    } else if (name) {
        project.formerly = *std::move(name);
        reading.mentions().formers.push_back({project.name, "", project.formerly, field->value});
    }
}

bool has_services(Mapping const& from) {
    auto const* field = from.find("services");
    return field != nullptr && field->value.kind() == NodeKind::list &&
           field->value.begin() != field->value.end();
}

/// A project that has no address of its own is what its services are: nothing of it is fetched, and
/// there is no `app`.
ProjectSpec project_of_services(Reading& reading, Mapping const& from, std::string name) {
    for (auto const key : kWithUrlOnly) {
        if (auto const* field = from.find(key)) {
            reading.refuse(field->name, in_quotes(key) + " goes with 'url', which is missing");
        }
    }
    ProjectSpec project;
    project.name = std::move(name);
    return project;
}

}  // namespace

ProjectSpec default_project(std::string name, Url url, ServiceDefaults const& defaults) {
    auto project = project_of(std::move(name), std::move(url));
    auto& app = project.services.front();
    auto const own = app.policy;
    app.policy = defaults.policy;
    app.policy.interval = own.interval;
    app.policy.failure_threshold = own.failure_threshold;
    app.policy.failures_of = own.failures_of;
    app.connection = defaults.connection;
    return project;
}

std::optional<ProjectSpec> read_project(Reading& reading, YamlNode entry,
                                        ServiceDefaults const& defaults) {
    Mapping const from(reading, entry, Section::project);
    if (entry.kind() != NodeKind::map && entry.kind() != NodeKind::nothing) {
        return std::nullopt;
    }
    auto name = name_of(reading, from);
    std::optional<Url> url;
    bool const only_services = from.find("url") == nullptr && has_services(from);
    if (auto const* field = from.find("url")) {
        url = url_of(reading, field->value, "url");
    } else if (!only_services) {
        reading.refuse(entry,
                       "'url' is missing: it wants the project's base URL, such as "
                       "http://127.0.0.1:3010; only a project with 'services' can do without");
    }
    bool const usable = name && (url || only_services);
    // The rest is read even so: its mistakes shall be told in the same run.
    auto project = only_services
                       ? project_of_services(reading, from, name.value_or("?"))
                       : default_project(name.value_or("?"),
                                         url.value_or(Url{"http", "?", 80, "/", ""}), defaults);
    read_former_name(reading, from, project);
    read_text(reading, from, "description", project.description);
    read_labels(reading, from, project);
    if (!only_services) {
        project.status_path = path_of(reading, from, "statusPath").value_or(project.status_path);
        project.logs_path = path_of(reading, from, "logsPath").value_or(project.logs_path);
        read_app(reading, from, project);
        read_metrics(reading, from, project);
    }
    read_services(reading, from, defaults, project);
    return usable ? std::optional(std::move(project)) : std::nullopt;
}

}  // namespace muster::config
