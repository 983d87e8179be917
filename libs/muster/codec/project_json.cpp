#include <muster/codec/project_json.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/codec/fleet_json.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/codec/service_json.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster {
namespace {

void append_map(std::string& out, std::map<std::string, std::string> const& texts) {
    out += '{';
    for (auto const& [key, text] : texts) {
        out += out.back() == '{' ? "" : ",";
        append_json_string(out, key);
        out += ':';
        append_json_string(out, text);
    }
    out += '}';
}

void append_metrics_settings(JsonObject& settings, ProjectSpec const& spec) {
    if (!spec.metrics) {
        settings.text("metrics", "off");
        return;
    }
    JsonObject metrics(settings.key("metrics"));
    metrics.text("url", to_text(spec.metrics->url));
    metrics.text("interval", format_duration(spec.metrics->interval));
    metrics.text("timeout", format_duration(spec.metrics->timeout));
    if (!spec.metrics->map.empty()) {
        append_map(metrics.key("map"), spec.metrics->map);
    }
    metrics.close();
}

void append_settings(std::string& out, Project const& project) {
    auto const& spec = project.spec;
    JsonObject settings(out);
    settings.text_or_null("url", spec.url.host.empty() ? std::string() : to_text(spec.url));
    settings.text("description", spec.description);
    settings.boolean("critical", spec.critical);
    settings.texts("tags", spec.tags);
    settings.text_or_null("group", spec.group);
    append_metrics_settings(settings, spec);
    settings.text("statusPath", without_secrets(spec.status_path));
    settings.text("logsPath", without_secrets(spec.logs_path));
    settings.text("owner", to_string(project.owner));
    settings.time("createdAt", project.created_at);
    settings.time("updatedAt", project.updated_at);
    settings.close();
}

std::optional<WallTime> last_updated(ProjectView const& view, ProjectMetrics const* metrics) {
    auto newest = view.last_check;
    if (metrics != nullptr && (!newest || *newest < metrics->at)) {
        newest = metrics->at;
    }
    return newest;
}

void append_uptime(
    std::string& out,
    std::array<std::optional<AvailabilityFigures>, kUptimeRangeNames.size()> const& figures) {
    JsonObject ranges(out);
    for (std::size_t range = 0; range < figures.size(); ++range) {
        if (!figures[range]) {
            ranges.null(kUptimeRangeNames[range]);
            continue;
        }
        JsonObject one(ranges.key(kUptimeRangeNames[range]));
        one.percent("uptime", figures[range]->uptime_percent);
        one.percent("coverage", figures[range]->coverage_percent);
        one.close();
    }
    ranges.close();
}

void append_service_summary(JsonObject& object, ServiceView const& view) {
    object.number("id", view.id.value);
    object.text("name", view.name);
    object.text("type", to_string(view.type));
    object.boolean("critical", view.critical);
    object.text("status", to_string(view.status));
    append_overlays(object.key("overlays"), view.overlays);
    object.time_or_null("lastCheck", view.last_check);
    if (view.response_time) {
        object.number("responseTimeMs", std::int64_t{view.response_time->count()});
    } else {
        object.null("responseTimeMs");
    }
    object.number("consecutiveFailures", std::int64_t{view.failures});
    if (!view.details.error.empty()) {
        object.text("errorMessage", view.details.error);
    }
}

void append_counts(std::string& out, std::span<ServiceHealth const> services) {
    JsonObject counts(out);
    for (auto const status :
         {HealthStatus::up, HealthStatus::degraded, HealthStatus::down, HealthStatus::unknown}) {
        auto const count = std::count_if(
            services.begin(), services.end(),
            [status](ServiceHealth const& service) { return service.view->status == status; });
        counts.number(to_string(status), static_cast<std::int64_t>(count));
    }
    counts.close();
}

/// Down, then degraded, then unknown: what is known to be wrong before what is not known.
int badness(HealthStatus status) noexcept {
    switch (status) {
        case HealthStatus::down:
            return 3;
        case HealthStatus::degraded:
            return 2;
        case HealthStatus::unknown:
            return 1;
        case HealthStatus::up:
            return 0;
    }
    return 0;
}

}  // namespace

void append_project(std::string& out, Project const& project, ProjectView const& view,
                    ProjectMetrics const* metrics, std::span<ServiceEntry const> services) {
    JsonObject object(out);
    object.number("id", project.id.value);
    object.text("projectName", view.name);
    append_settings(object.key("settings"), project);
    append_project_status(object.key("health"), view);
    if (metrics != nullptr) {
        append_project_metrics(object.key("metrics"), view.name, *metrics);
    } else {
        object.null("metrics");
    }
    object.time_or_null("lastUpdated", last_updated(view, metrics));
    auto& list = object.key("services");
    list += '[';
    for (auto const& service : services) {
        list += &service == &services.front() ? "" : ",";
        append_service(list, *service.registered, service.view);
    }
    list += ']';
    object.close();
}

ServiceView const* worst_offender(std::span<ServiceHealth const> services) noexcept {
    auto const better = [](ServiceHealth const& left, ServiceHealth const& right) {
        auto const rank = [](ServiceView const& view) {
            return std::tuple(badness(view.status), view.failures, -view.uptime_percent);
        };
        return rank(*left.view) < rank(*right.view);
    };
    auto const worst = std::max_element(services.begin(), services.end(), better);
    return worst != services.end() && worst->view->status != HealthStatus::up ? worst->view
                                                                              : nullptr;
}

std::optional<AvailabilityFigures> least_available(std::span<ServiceHealth const> services,
                                                   std::size_t range) noexcept {
    bool const some_decide =
        std::any_of(services.begin(), services.end(),
                    [](ServiceHealth const& service) { return service.view->critical; });
    std::optional<AvailabilityFigures> least;
    for (auto const& service : services) {
        auto const& figures = service.uptime[range];
        bool const decides = !some_decide || service.view->critical;
        // Of one that nobody looked at there is nothing to say, unless of all.
        auto const rank = [](AvailabilityFigures const& one) {
            return std::pair(one.coverage_percent == 0, one.uptime_percent);
        };
        if (decides && figures && (!least || rank(*figures) < rank(*least))) {
            least = figures;
        }
    }
    return least;
}

void append_project_health(std::string& out, ProjectView const& project,
                           std::span<ServiceHealth const> services, std::string_view problem) {
    JsonObject object(out);
    object.text("projectName", project.name);
    object.text("status", project_word(project.status));
    append_overlays(object.key("overlays"), project.overlays);
    object.time_or_null("lastCheck", project.last_check);
    append_counts(object.key("counts"), services);
    if (auto const* worst = worst_offender(services)) {
        JsonObject offender(object.key("worstOffender"));
        append_service_summary(offender, *worst);
        offender.close();
    } else {
        object.null("worstOffender");
    }
    std::array<std::optional<AvailabilityFigures>, kUptimeRangeNames.size()> uptime;
    for (std::size_t range = 0; range < uptime.size(); ++range) {
        uptime[range] = least_available(services, range);
    }
    append_uptime(object.key("uptime"), uptime);
    if (!problem.empty()) {
        object.text("uptimeProblem", problem);
    }
    auto& list = object.key("services");
    list += '[';
    for (auto const& service : services) {
        list += &service == &services.front() ? "" : ",";
        JsonObject one(list);
        append_service_summary(one, *service.view);
        append_uptime(one.key("uptime"), service.uptime);
        one.close();
    }
    list += ']';
    object.close();
}

}  // namespace muster
