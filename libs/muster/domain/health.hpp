#pragma once

#include <cstdint>
#include <optional>

#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/outcome.hpp>

namespace muster {

/// Stored values: do not renumber.
enum class HealthStatus : std::uint8_t { unknown = 0, up = 1, degraded = 2, down = 3 };

constexpr EnumNames<HealthStatus, 4> enum_names(HealthStatus) {
    return {{{HealthStatus::unknown, "unknown"},
             {HealthStatus::up, "up"},
             {HealthStatus::degraded, "degraded"},
             {HealthStatus::down, "down"}}};
}

/// The same states in a project's words: `healthy` for up.
[[nodiscard]] constexpr std::string_view project_word(HealthStatus status) noexcept {
    return status == HealthStatus::up ? std::string_view("healthy") : to_string(status);
}

/// `failures` of the last `of` results mean down, in whatever order. `of` 0: off.
struct FailuresOf {
    static constexpr std::uint32_t kMost = 32;  ///< Results looked back on.

    std::uint32_t failures{0};
    std::uint32_t of{0};

    bool operator==(FailuresOf const&) const = default;
};

/// Which of the newest results failed: a bit each, as many as FailuresOf can ask for. A value.
class RecentResults {
public:
    constexpr RecentResults() = default;
    /// As bits() gave it.
    constexpr explicit RecentResults(std::uint32_t bits) noexcept : bits_(bits) {}

    constexpr void add(bool failed) noexcept { bits_ = (bits_ << 1U) | (failed ? 1U : 0U); }

    /// Failures among the last `of`; results before the first do not count as any.
    [[nodiscard]] constexpr std::uint32_t failures(std::uint32_t of) const noexcept {
        auto left = of < FailuresOf::kMost ? bits_ & ((1U << of) - 1) : bits_;
        std::uint32_t count = 0;
        for (; left != 0; left &= left - 1) {
            ++count;
        }
        return count;
    }

    /// The newest is bit 0; 1: failed.
    [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

    bool operator==(RecentResults const&) const = default;

private:
    std::uint32_t bits_{0};
};

/// How a service's results become its status (contract, section 2).
struct HealthPolicy {
    std::uint32_t failure_threshold{
        4};  ///< Consecutive failures that mean down: retries + 1, >= 1.
    std::uint32_t success_threshold{1};   ///< Passing checks that end unknown or down, >= 1.
    Millis degraded_above{1000};          ///< A passing check that takes this or more is degraded.
    Millis interval{30'000};              ///< > 0.
    Millis timeout{5'000};                ///< > 0.
    FailuresOf failures_of;               ///< Instead of consecutive failures, where it is on.
    std::uint32_t hysteresis_percent{0};  ///< Of degraded_above: so far below it is normal again.
    Millis grace{0};  ///< After its registration or a start of the hub failures do not count.

    bool operator==(HealthPolicy const&) const = default;
};

/// What is remembered of a service between two checks in order to judge the next one.
struct HealthState {
    HealthStatus status{HealthStatus::unknown};
    std::uint32_t failures{0};  ///< Consecutive failed checks up to now.
    std::uint32_t passes{0};    ///< Consecutive passing checks up to now.

    bool operator==(HealthState const&) const = default;
};

/// What made a status change. Stored values: do not renumber.
enum class Cause : std::uint8_t {
    passed = 0,    ///< Enough passing checks.
    failures = 1,  ///< Consecutive failures reached the threshold.
    slow = 2,      ///< Response time over the threshold.
    body_says_degraded = 3,
    normal_again = 4,      ///< Neither slow nor called degraded any more.
    failures_of_last = 5,  ///< So many failures among the last results.
};

constexpr EnumNames<Cause, 6> enum_names(Cause) {
    return {{{Cause::passed, "passed"},
             {Cause::failures, "failures"},
             {Cause::slow, "slow"},
             {Cause::body_says_degraded, "bodySaysDegraded"},
             {Cause::normal_again, "normalAgain"},
             {Cause::failures_of_last, "failuresOfLast"}}};
}

struct StatusChange {
    HealthStatus from{HealthStatus::unknown};
    HealthStatus to{HealthStatus::unknown};
    Cause cause{Cause::passed};

    bool operator==(StatusChange const&) const = default;
};

struct Step {
    HealthState next;
    std::optional<StatusChange> change;
    /// Set while failures lead towards down: check again this long after the result, not at the
    /// service's regular time. 1, 2, 4, 4 ... s, never longer than the interval.
    std::optional<Millis> retry_in;
};

/// What else than state and policy a result is judged by.
struct Circumstances {
    RecentResults recent;  ///< Before this result.
    bool grace{false};     ///< It came within the start-up grace.
};

/// Whether an outcome that counts is a passing check.
[[nodiscard]] bool passes(Outcome const& outcome) noexcept;

/// Under what response time a service in this status is as fast as it should be: the threshold, and
/// for one that is degraded less by the hysteresis.
[[nodiscard]] Micros normal_below(HealthStatus status, HealthPolicy const& policy) noexcept;

/// Judges one result. Pure and total; a result that does not count leaves the state as it is. A
/// failure within the grace is excused unless the service is already down: both runs begin anew
/// (`failures` is 0 after it, which no other failure gives) and nothing else changes.
[[nodiscard]] Step step(HealthState state, Outcome const& outcome, HealthPolicy const& policy,
                        Circumstances circumstances = {});

/// What an outcome says for itself, without any memory: the first passing check is up or degraded,
/// the first failed one down; unknown where it does not count.
[[nodiscard]] HealthStatus status_by_itself(Outcome const& outcome, HealthPolicy policy);

}  // namespace muster
