#include <muster/api/system_routes.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/codec/system_json.hpp>
#include <muster/stats/figure_sheet.hpp>

namespace muster {
namespace {

/// The largest figure of a family that does not bear `but`; nothing where there is none.
std::optional<double> largest(FigureSheet const& sheet, std::string_view name,
                              std::pair<std::string, std::string> const& but = {}) {
    auto const family = sheet.families().find(name);
    std::optional<double> found;
    if (family != sheet.families().end()) {
        for (auto const& figure : family->second.figures) {
            if (std::find(figure.labels.begin(), figure.labels.end(), but) != figure.labels.end()) {
                continue;
            }
            found = std::max(found.value_or(figure.value), figure.value);
        }
    }
    return found;
}

std::optional<SystemHealth::Lateness> lateness_of(FigureSheet const& sheet) {
    auto const family = sheet.families().find("muster_schedule_lateness_seconds");
    if (family == sheet.families().end() || family->second.figures.empty() ||
        !family->second.figures.front().durations) {
        return std::nullopt;
    }
    auto const& durations = *family->second.figures.front().durations;
    return SystemHealth::Lateness{durations.count(), durations.quantile(0.50),
                                  durations.quantile(0.95), durations.quantile(0.99),
                                  durations.longest()};
}

PartState state_of(HubCondition::Part const& part, std::string_view name, SystemHealth& health) {
    if (part.working) {
        return PartState::up;
    }
    health.problems.push_back(std::string(name) + ": " + part.problem);
    return PartState::down;
}

void add_figures(SystemHealth& health, HubFigures const& figures) {
    if (auto const lag =
            largest(figures.sheet, "muster_journal_lag_seconds", {"follower", "rollup"})) {
        health.journal_lag = Millis(std::llround(*lag * 1'000));
    }
    if (auto const bytes = largest(figures.sheet, "muster_journal_bytes")) {
        health.journal_bytes = static_cast<std::uint64_t>(*bytes);
    }
    health.lateness = lateness_of(figures.sheet);
}

/// Without its journal the hub learns nothing that lasts; without the others it goes on.
PartState hub_state(SystemHealth const& health, bool runs) {
    if (!runs || health.journal != PartState::up) {
        return PartState::down;
    }
    bool const whole = health.database == PartState::up && health.bus == PartState::up;
    return whole ? PartState::up : PartState::degraded;
}

}  // namespace

Response get_system_health(SystemViews const& views) {
    auto const now = views.clock.now();
    auto const& condition = views.model.condition();
    auto const& figures = views.model.figures();
    SystemHealth health;
    health.journal = state_of(condition.journal, "journal", health);
    health.database = state_of(condition.store, "database", health);
    health.bus = state_of(condition.bus, "bus", health);
    health.web_socket_clients = views.web_socket_clients();
    bool runs = condition.started;
    std::optional<WallTime> seen;
    if (figures) {
        auto const silent = now.steady - figures->at;
        seen = now.wall - std::chrono::duration_cast<Millis>(silent);
        runs = runs && silent <= SystemViews::kSilence;
        add_figures(health, *figures);
    }
    if (!condition.started) {
        health.problems.emplace_back("hub: starting");
    } else if (!runs) {
        health.problems.emplace_back("hub: its loop is silent");
    }
    health.hub = hub_state(health, runs);
    health.processes.push_back({"hub", runs ? PartState::up : PartState::down, seen});
    std::string json;
    append_system_health(json, health);
    return answer(std::move(json), now.wall);
}

void add_system_routes(Router& router, SystemViews const& views) {
    router.add(Method::get, "/api/system/health",
               [views](Request const&) { return get_system_health(views); });
}

}  // namespace muster
