#pragma once

#include <cstdint>
#include <string_view>

#include <muster/base/time.hpp>

namespace muster::demo {

/// Chance as a pure function: the same seed, channel and moment always give the same value, so any
/// moment can be asked for in any order and no state is kept. Channels are independent.
class Noise {
public:
    Noise(std::string_view project, std::uint64_t seed);

    /// A value in [0, 1) for the given step of a channel; unrelated to its neighbours.
    [[nodiscard]] double at_step(std::uint32_t channel, std::int64_t step) const;

    /// A value in [0, 1) that moves smoothly and turns about once per period.
    [[nodiscard]] double smooth(std::uint32_t channel, WallTime time, Millis period) const;

private:
    std::uint64_t seed_;
};

/// The step that holds `time`, for steps of the given length since 1970.
[[nodiscard]] std::int64_t step_of(WallTime time, Millis length);

}  // namespace muster::demo
