#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include <muster/domain/fleet_delta.hpp>

namespace muster {

/// Deltas that wait for a reader who lags, merged into one: applying what take() gives is applying
/// all of them in order. It never grows beyond one row an object, and the newest transitions.
class PendingDelta {
public:
    static constexpr std::size_t kMaxTransitions = 10'000;

    void add(FleetDelta next);

    /// All of it; nothing waits afterwards.
    [[nodiscard]] FleetDelta take();

    [[nodiscard]] bool empty() const noexcept { return delta_.empty(); }

    /// Transitions that were let go because nobody took them in time.
    [[nodiscard]] std::uint64_t lost_transitions() const noexcept { return lost_transitions_; }

private:
    void index();

    FleetDelta delta_;
    bool indexed_{false};
    std::unordered_map<ServiceId, std::size_t> services_;
    std::unordered_map<ProjectId, std::size_t> projects_;
    std::unordered_map<ProjectId, std::size_t> metrics_;
    std::unordered_map<ServiceId, std::size_t> registered_;
    std::unordered_map<ProjectId, std::size_t> registered_projects_;
    std::uint64_t lost_transitions_{0};
};

}  // namespace muster
