#pragma once

#include <muster/domain/outcome.hpp>

namespace muster {

/// Several requests are timed as one: a phase that a part did not have adds nothing.
inline void add_phase(Micros& sum, Micros part) noexcept {
    if (part != Phases::kNone) {
        sum = sum == Phases::kNone ? part : sum + part;
    }
}

}  // namespace muster
