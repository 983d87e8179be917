#pragma once

#include <optional>
#include <string>
#include <vector>

#include <muster/domain/health.hpp>

namespace muster {

/// A column of a sparkline.
struct SparkPoint {
    std::optional<double> value;                 ///< Nothing: nobody looked.
    HealthStatus status{HealthStatus::unknown};  ///< The worst of its time.

    bool operator==(SparkPoint const&) const = default;
};

/// Bars from nothing to the highest value, `▁▂▅█`, one a point, coloured by status; a blank where
/// nobody looked. Without colours `×` stands for a point that was down.
[[nodiscard]] std::string sparkline(std::vector<SparkPoint> const& points, bool colour);

}  // namespace muster
