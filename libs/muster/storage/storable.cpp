#include <muster/storage/storable.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::int64_t kMaxId = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kMaxText = 1U << 20U;

/// Collects what is wrong with one record; empty: nothing.
class Checker {
public:
    void operator()(CheckResult const& result) {
        id(result.service.value, "service id");
        time(result.started_at, "start");
        time(result.accepted_at, "acceptance");
        text(result.outcome.error, "error");
        text(result.outcome.note, "note");
        number(result.uptime_percent, "uptime");
    }
    void operator()(Transition const& transition) {
        id(transition.service.value, "service id");
        time(transition.at, "time");
        text(transition.project, "project");
        text(transition.name, "service");
        text(transition.reason.error, "error");
        for (auto const& result : transition.reason.deciding) {
            text(result.error, "error of a deciding result");
        }
    }
    void operator()(ProjectMetrics const& metrics) {
        id(metrics.project.value, "project id");
        time(metrics.at, "time");
        auto const& sample = metrics.sample;
        number(sample.requests_per_second, "requestsPerSecond");
        number(sample.error_rate, "errorRate");
        number(sample.error_count, "errorCount");
        number(sample.memory_usage_percent, "memoryUsagePercent");
        number(sample.cpu_usage_percent, "cpuUsagePercent");
        number(sample.database_query_time_ms, "databaseQueryTime");
        for (auto const& [name, count] : sample.api_usage) {
            text(name, "apiUsage");
            number(count, "apiUsage");
        }
    }
    void operator()(ProjectChanged const& changed) {
        id(changed.project.id.value, "project id");
        text(changed.project.spec.name, "project");
        text(changed.project.spec.url.host, "url");
        text(changed.project.spec.url.target, "url");
        text(changed.project.spec.description, "description");
    }
    void operator()(ProjectRemoved const& removed) {
        id(removed.id.value, "project id");
        text(removed.name, "project");
    }
    void operator()(ServiceChanged const& changed) {
        id(changed.service.id.value, "service id");
        id(changed.service.project_id.value, "project id");
        text(changed.service.spec.project, "project");
        text(changed.service.spec.name, "service");
        text(target_of(changed.service.spec.probe), "target");
    }
    void operator()(ServiceRemoved const& removed) {
        id(removed.id.value, "service id");
        text(removed.project, "project");
        text(removed.name, "service");
    }
    void operator()(HubStarted const& started) { text(started.version, "version"); }
    void operator()(HubStopped const&) {}
    void operator()(Gap const& gap) {
        text(gap.follower, "follower");
        text(gap.why, "why");
    }
    void operator()(HubProblem const& problem) {
        text(problem.what, "what");
        text(problem.description, "description");
    }
    void operator()(OverlayChanged const& changed) {
        id(changed.service.value, "service id");
        time(changed.at, "time");
        text(changed.project, "project");
        text(changed.name, "service");
        text(changed.why, "why");
        text(changed.root, "root cause");
    }
    void operator()(MaintenanceChanged const&) {}
    void operator()(MaintenanceRemoved const&) {}
    void operator()(ConfigReloaded const& reloaded) { time(reloaded.at, "time"); }

    std::string wrong;

private:
    void id(std::int64_t value, std::string_view name) {
        if (value <= 0 || value > kMaxId) {
            wrong = fmt::format("{} {} is not a positive number below 2^53", name, value);
        }
    }
    void text(std::string_view value, std::string_view name) {
        if (value.empty()) {
            return;
        }
        if (value.size() > kMaxText) {
            wrong = fmt::format("{} has {} bytes", name, value.size());
        } else if (value.find('\0') != std::string_view::npos || !is_valid_utf8(value)) {
            wrong = fmt::format("{} is not UTF-8 without NUL", name);
        }
    }
    void time(WallTime value, std::string_view name) {
        auto const millis = value.time_since_epoch().count();
        if (millis < -kMaxId || millis > kMaxId) {
            wrong = fmt::format("{} is beyond all calendars", name);
        }
    }
    void number(double value, std::string_view name) {
        if (!std::isfinite(value)) {
            wrong = fmt::format("{} is not a number", name);
        }
    }
};

}  // namespace

Result<void> check_storable(Record const& record) {
    constexpr auto kMaxSeq = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    Checker checker;
    std::visit(checker, record.body);
    if (record.position.seq > kMaxSeq || record.position.epoch > kMaxSeq) {
        checker.wrong = "its position is beyond 2^63";
    }
    if (checker.wrong.empty()) {
        return {};
    }
    return failure(Errc::invalid, fmt::format("record {}:{}: {}", record.position.epoch,
                                              record.position.seq, checker.wrong));
}

}  // namespace muster
