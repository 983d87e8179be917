#include <cli/text/sparkline.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <cli/text/tone.hpp>

namespace muster {
namespace {

constexpr std::array<std::string_view, 8> kBars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::string_view bar_of(double value, double highest) noexcept {
    if (!(value > 0) || !(highest > 0)) {
        return kBars.front();
    }
    auto const step = std::ceil(value / highest * static_cast<double>(kBars.size()));
    return kBars[static_cast<std::size_t>(std::clamp(step, 1.0, static_cast<double>(kBars.size())) -
                                          1)];
}

}  // namespace

std::string sparkline(std::vector<SparkPoint> const& points, bool colour) {
    double highest = 0;
    for (auto const& point : points) {
        highest = std::max(highest, point.value.value_or(0));
    }
    std::string line;
    auto tone = Tone::plain;
    for (auto const& point : points) {
        bool const seen = point.value.has_value();
        auto const wanted = seen && colour ? tone_of(point.status) : Tone::plain;
        if (wanted != tone) {
            line += wanted == Tone::plain ? plain_escape() : escape_of(wanted);
            tone = wanted;
        }
        if (!seen) {
            line += ' ';
        } else if (!colour && point.status == HealthStatus::down) {
            line += "×";
        } else {
            line += bar_of(*point.value, highest);
        }
    }
    return tone == Tone::plain ? line : line.append(plain_escape());
}

}  // namespace muster
