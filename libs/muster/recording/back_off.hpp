#pragma once

// Private to this library.

#include <algorithm>

#include <muster/base/time.hpp>

namespace muster {

/// How long to wait after `failures` (from 1) in a row: `first`, doubling, at most `longest`.
/// Without chance: one hub talks to one other side, and a run of the simulation repeats exactly.
[[nodiscard]] constexpr Millis back_off(Millis first, Millis longest, unsigned failures) noexcept {
    auto wait = first;
    for (; failures > 1 && wait < longest; --failures) {
        wait *= 2;
    }
    return std::min(wait, longest);
}

}  // namespace muster
