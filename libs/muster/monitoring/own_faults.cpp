#include <muster/monitoring/own_faults.hpp>

#include <algorithm>

namespace muster {
namespace {

/// Whether an outcome that counts shows that this part works.
bool disproves(Outcome const& outcome, bool remote, OwnFault fault) noexcept {
    switch (fault) {
        case OwnFault::network:
            return remote;
        case OwnFault::descriptors:
            return outcome.connection == ConnectionUse::fresh;
        case OwnFault::resolver:
            return outcome.phases.dns != Phases::kNone;
        case OwnFault::none:
        case OwnFault::held_up:
        case OwnFault::other:
            break;
    }
    return true;
}

}  // namespace

std::vector<OwnFaults::Told> OwnFaults::take(Outcome const& outcome, bool remote) {
    std::vector<Told> told;
    if (outcome.verdict == Verdict::not_counted) {
        auto const fault =
            outcome.own_fault == OwnFault::none ? OwnFault::other : outcome.own_fault;
        quiet_ = false;
        if (++in_a_row_[static_cast<std::size_t>(fault)] == kTolerated + 1) {
            told.push_back({fault, false, "checks do not count: " + outcome.error});
        }
        return told;
    }
    if (quiet_) {
        return told;
    }
    for (auto const& [fault, name] : enum_names(OwnFault{})) {
        auto& count = in_a_row_[static_cast<std::size_t>(fault)];
        if (count == 0 || !disproves(outcome, remote, fault)) {
            continue;
        }
        if (count > kTolerated) {
            told.push_back({fault, true, "checks count again"});
        }
        count = 0;
    }
    quiet_ =
        std::all_of(in_a_row_.begin(), in_a_row_.end(), [](unsigned count) { return count == 0; });
    return told;
}

std::string_view part_of(OwnFault fault) noexcept {
    switch (fault) {
        case OwnFault::network:
        case OwnFault::descriptors:
        case OwnFault::resolver:
            return to_string(fault);
        case OwnFault::none:
        case OwnFault::held_up:
        case OwnFault::other:
            break;
    }
    return "probing";
}

}  // namespace muster
