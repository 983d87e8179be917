#pragma once

// Private to this library.

#include <algorithm>
#include <cstdint>

#include <muster/base/time.hpp>

namespace muster {

/// How long to wait after `failures` (from 1) in a row: `first`, doubling, at most `longest`.
[[nodiscard]] constexpr Millis back_off(Millis first, Millis longest, unsigned failures) noexcept {
    auto wait = first;
    for (; failures > 1 && wait < longest; --failures) {
        wait *= 2;
    }
    return std::min(wait, longest);
}

/// Between half of it and all of it, by the next number that `chance` gives: SplitMix64 (Steele,
/// Lea, Flood 2014), so that a run of the simulation repeats exactly.
[[nodiscard]] constexpr Millis shortened(Millis wait, std::uint64_t& chance) noexcept {
    chance += 0x9e3779b97f4a7c15ULL;
    auto mixed = chance;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
    mixed ^= mixed >> 31U;
    auto const half = static_cast<std::uint64_t>(wait.count()) / 2;
    return wait - Millis(static_cast<std::int64_t>(mixed % (half + 1)));
}

}  // namespace muster
