#pragma once

#include <cstdint>
#include <optional>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/fleet_delta.hpp>

namespace muster {

/// Whether an other side is there, by what it answers to one question at a time: a value of the
/// loop's, to which everything is told. One that works at something large is there as long as it
/// answers to parts of that; one that has said nothing at all for `kPatience` is not.
class Presence {
public:
    static constexpr Millis kPatience{1'250};
    static constexpr Millis kAgain{1'000};  ///< How often one is asked that is away.
    static constexpr Millis kStall{750};    ///< Between two looks: we stood still ourselves.

    /// Whether it is time for a question. `reachable`: whether others find it working.
    [[nodiscard]] bool may_ask(SteadyTime now, bool reachable) const noexcept;

    /// A question is on its way. `answers`: how often the other side has ever said anything.
    void asked(SteadyTime now, std::uint64_t answers) noexcept;

    /// It may have said something since, or not. To be called far more often than `kStall`: after a
    /// longer pause nothing is known of the other side, whose answer may lie unread.
    void look(SteadyTime now, std::uint64_t answers);

    /// The question is answered. A conflict is an answer as well: somebody is there.
    void answered(SteadyTime now, Result<void> const& answer);

    /// `since`: when it was last heard of.
    [[nodiscard]] HubCondition::Part const& condition() const noexcept { return condition_; }

private:
    void heard(SteadyTime now) noexcept;
    void missed(std::string problem);

    HubCondition::Part condition_;
    std::optional<SteadyTime> waiting_since_;  ///< Of a question under way, or a word since.
    std::optional<SteadyTime> asked_at_;
    SteadyTime looked_at_{};
    std::optional<SteadyTime> heard_at_;  ///< Or first asked.
    std::uint64_t answers_{0};
};

}  // namespace muster
