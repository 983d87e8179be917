#include <muster/domain/transition.hpp>

namespace muster {
namespace {

std::string millis(Millis time) {
    return std::to_string(time.count()) + " ms";
}

std::string checks(std::uint32_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? " check" : " checks");
}

std::string describe_down(Reason const& reason) {
    auto text = "down after " + checks(reason.count, "failed");
    return reason.error.empty() ? text : text + ": " + reason.error;
}

std::string describe_degraded(HealthStatus from, Reason const& reason) {
    std::string const start =
        from == HealthStatus::down ? "no longer down but degraded: " : "degraded: ";
    if (reason.cause == Cause::slow) {
        return start + "answered in " + millis(reason.response_time) + ", over " +
               millis(reason.degraded_above);
    }
    return start + "its answer says so";
}

std::string describe_up(HealthStatus from, Reason const& reason) {
    std::string const text = from == HealthStatus::unknown ? "up" : "up again";
    return reason.threshold > 1 ? text + " after " + checks(reason.count, "passing") : text;
}

}  // namespace

std::string describe(Transition const& transition) {
    switch (transition.to) {
        case HealthStatus::up:
            return describe_up(transition.from, transition.reason);
        case HealthStatus::degraded:
            return describe_degraded(transition.from, transition.reason);
        case HealthStatus::down:
            return describe_down(transition.reason);
        case HealthStatus::unknown:
            break;
    }
    return "unknown";
}

}  // namespace muster
