#pragma once

#include <muster/base/time.hpp>
#include <muster/stats/figure_sheet.hpp>

namespace muster {

/// What the hub's loop has counted, as of a moment.
struct HubFigures {
    SteadyTime at{};
    FigureSheet sheet;
};

}  // namespace muster
