#include <demo/noise.hpp>

#include <muster/base/hash.hpp>

namespace muster::demo {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): one step.
constexpr std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

}  // namespace

Noise::Noise(std::string_view project, std::uint64_t seed)
    : seed_{stable_hash(project) ^ mix(seed)} {}

double Noise::at_step(std::uint32_t channel, std::int64_t step) const {
    auto const bits = mix(mix(seed_ + channel) ^ static_cast<std::uint64_t>(step));
    return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

double Noise::smooth(std::uint32_t channel, WallTime time, Millis period) const {
    auto const step = step_of(time, period);
    auto const within = static_cast<double>((time.time_since_epoch() - step * period).count()) /
                        static_cast<double>(period.count());
    auto const eased = within * within * (3.0 - 2.0 * within);
    return at_step(channel, step) * (1.0 - eased) + at_step(channel, step + 1) * eased;
}

std::int64_t step_of(WallTime time, Millis length) {
    auto const since_epoch = time.time_since_epoch().count();
    auto const whole = since_epoch / length.count();
    return since_epoch % length.count() < 0 ? whole - 1 : whole;
}

}  // namespace muster::demo
