// What the referee of a world's history knows of it.

#include <algorithm>
#include <optional>
#include <vector>

#include "world.hpp"

namespace muster::simulation {
namespace {

constexpr std::uint64_t kNear = 200;  // records behind a jump whose probes may have begun before it

bool is_tight(SimulatedMachine::Options const& options) {
    return options.limits.per_host < 8;
}

}  // namespace

/// What the hub cannot be asked, since it is the one that is checked.
Surroundings World::surroundings() {
    Surroundings result;
    result.start = machine_.loop.now().wall;
    result.maintained = [this](ServiceSpec const& service, WallTime at) -> std::optional<bool> {
        for (auto const& jump : jumps_) {
            // Timers run late then, and windows are looked at every 30 s in case the clock was set.
            if (at >= jump.to - 2s && at <= jump.to + 35s) {
                return std::nullopt;
            }
        }
        auto const& windows = machine_.windows();
        return std::any_of(windows.begin(), windows.end(), [&](MaintenanceSpec const& window) {
            return window.match.projects.front() == service.project && at >= *window.from &&
                   at < *window.until;
        });
    };
    result.clock_set_by = [this](Position position) {
        std::vector<Millis> offsets{Millis(0)};
        for (auto const& jump : jumps_) {
            if (position <= jump.position) {
                break;
            }
            if (!is_near(jump, position)) {
                offsets.clear();
            }
            offsets.push_back(jump.clock_set_by);
        }
        return offsets;
    };
    result.clock_was_set_back = [this] { return set_back_; };
    result.held_up = [this](Position position, CheckResult const& check) {
        return std::any_of(jumps_.begin(), jumps_.end(), [&](Jump const& jump) {
            bool const back = jump.to < jump.from;
            return is_near(jump, position) &&
                   (back ? check.accepted_at < check.started_at
                         : check.started_at <= jump.from && check.accepted_at >= jump.to);
        });
    };
    result.out_of_rhythm = [this](Position position, CheckResult const& check) {
        bool const was_asked = registry_.asked_for(check.service, check.started_at);
        bool const late = std::any_of(jumps_.begin(), jumps_.end(), [&](Jump const& jump) {
            return jump.stood_still && is_near(jump, position) && check.started_at >= jump.to &&
                   check.started_at <= jump.to + 5s;
        });
        return was_asked || late || is_tight(machine_.options());
    };
    return result;
}

/// Probes that were under way then may tell of it.
bool World::is_near(Jump const& jump, Position position) {
    return position.epoch == jump.position.epoch && position.seq > jump.position.seq &&
           position.seq <= jump.position.seq + kNear;
}

}  // namespace muster::simulation
