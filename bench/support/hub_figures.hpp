#pragma once

#include <map>
#include <string_view>

namespace muster::bench {

/// What a hub's `/metrics` tells about its probing.
struct HubFigures {
    double passed{0};
    double other{0};  ///< Failed, or not counted.
    /// Checks by the bucket's upper bound in seconds, from 0; by shards, where those probe.
    std::map<double, double> lateness;
};

[[nodiscard]] HubFigures read_figures(std::string_view page);

/// What came between two looks.
[[nodiscard]] HubFigures between(HubFigures const& before, HubFigures const& after);

/// The upper bound of the bucket that holds a share (0-1) of the checks, in seconds.
[[nodiscard]] double lateness_of(HubFigures const& figures, double share);

}  // namespace muster::bench
