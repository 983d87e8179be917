#pragma once

#include <cstdint>

namespace muster {

/// A percentage with four decimals, from the other end: the usual 100 % is 0. What is not quite 100
/// or 0 is never kept as such. 0 to 1,000,000.
[[nodiscard]] std::int64_t downtime_ppm(double uptime_percent) noexcept;

/// The percentage that is left of it.
[[nodiscard]] constexpr double uptime_of(std::int64_t downtime_ppm) noexcept {
    return static_cast<double>(1'000'000 - downtime_ppm) / 10'000.0;
}

}  // namespace muster
