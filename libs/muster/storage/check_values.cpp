#include <muster/storage/check_values.hpp>

#include <algorithm>
#include <cmath>

namespace muster {

std::int64_t downtime_ppm(double uptime_percent) noexcept {
    constexpr std::int64_t kAll = 1'000'000;
    auto const down = static_cast<std::int64_t>(
        std::llround((100.0 - std::clamp(uptime_percent, 0.0, 100.0)) * 10'000.0));
    if (uptime_percent < 100.0 && uptime_percent > 0.0) {
        return std::clamp(down, std::int64_t{1}, kAll - 1);
    }
    return down;
}

}  // namespace muster
