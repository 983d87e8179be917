#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <muster/hub/hub.hpp>
#include <muster/ports/broadcaster.hpp>

namespace muster::simulation {

/// What a live view makes of the deltas it is sent, and what is wrong with them.
class LivePicture final : public Broadcaster {
public:
    /// How far the journal of the hub that lives now is written.
    void set_written(std::function<std::uint64_t()> written) { written_ = std::move(written); }

    /// While the journal's disk takes nothing, views are shown what is kept in memory.
    void disk_takes_nothing(bool nothing) { disk_takes_nothing_ = nothing; }

    void publish(FleetDelta delta) override;
    void publish(HubCondition condition) override;
    void publish(HubFigures /*figures*/) override {}  // of the program, not of the hub

    /// Every row is as the hub has it, none is missing, none too many.
    void compare(Hub const& hub, WallTime now);

    /// The hub has gone; the next one must begin with a reset.
    void hub_gone() { expect_reset_ = true; }

    [[nodiscard]] std::vector<std::string> const& complaints() const noexcept {
        return complaints_;
    }
    [[nodiscard]] std::size_t deltas() const noexcept { return deltas_; }
    [[nodiscard]] std::size_t transitions() const noexcept { return transitions_; }
    [[nodiscard]] HubCondition const& condition() const noexcept { return condition_; }

private:
    void expect(bool holds, std::string complaint);

    std::function<std::uint64_t()> written_;
    std::map<ServiceId, ServiceView> services_;
    std::map<ProjectId, ProjectView> projects_;
    HubCondition condition_;
    bool expect_reset_{true};
    bool disk_takes_nothing_{false};
    std::uint64_t epoch_{0};
    std::uint64_t seq_{0};
    std::size_t deltas_{0};
    std::size_t transitions_{0};
    std::vector<std::string> complaints_;
};

}  // namespace muster::simulation
