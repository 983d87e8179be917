#pragma once

#include <array>
#include <string>
#include <vector>

#include <muster/domain/outcome.hpp>

namespace muster {

/// When the hub should say that something is wrong with itself: checks in a row, of those that
/// could tell, did not count for the same reason. Network: checks of other machines. Descriptors:
/// those that opened a connection. Resolver: those that asked for a name. Told once, and when it
/// ends. A reducer; costs a few comparisons a check while all is well.
class OwnFaults {
public:
    static constexpr unsigned kTolerated = 2;

    struct Told {
        OwnFault fault{OwnFault::none};
        bool over{false};
        std::string description;
    };

    /// `remote`: not of this machine.
    [[nodiscard]] std::vector<Told> take(Outcome const& outcome, bool remote);

    /// Whether an outcome would change anything: cheap, for every check.
    [[nodiscard]] bool touched_by(Outcome const& outcome) const noexcept {
        return !quiet_ || outcome.verdict == Verdict::not_counted;
    }

private:
    std::array<unsigned, enum_names(OwnFault{}).size()> in_a_row_{};
    bool quiet_{true};  ///< All of them are 0.
};

/// The hub's part that a fault is of: `network`, `descriptors`, `resolver`, else `probing`.
[[nodiscard]] std::string_view part_of(OwnFault fault) noexcept;

}  // namespace muster
