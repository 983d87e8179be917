#include <muster/domain/transition.hpp>

namespace muster {
namespace {

std::string millis(Millis time) {
    return std::to_string(time.count()) + " ms";
}

std::string checks(std::uint32_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? " check" : " checks");
}

std::string checks_of(std::uint32_t count) {
    return std::to_string(count) + (count == 1 ? " check" : " checks");
}

std::string describe_down(Reason const& reason) {
    auto text = reason.cause == Cause::failures_of_last
                    ? "down after " + std::to_string(reason.count) + " of the last " +
                          checks_of(reason.of) + " failed"
                    : "down after " + checks(reason.count, "failed");
    if (!reason.error.empty()) {
        text += ": " + reason.error;
    }
    return reason.root.empty() ? text : text + " (" + reason.root + " is down)";
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
    if (reason.normal_below != Millis(0)) {
        return text + ": answered in " + millis(reason.response_time) + ", under " +
               millis(reason.normal_below);
    }
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
