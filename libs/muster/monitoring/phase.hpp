#pragma once

#include <cstdint>

#include <muster/base/time.hpp>

namespace muster {

/// The first moment after `after` at which a service of this identity is due: its moments are
/// `offset + k * interval` on the steady clock, the offset given by the identity alone. So a
/// service keeps its place in the interval over restarts and reloads, and no delay ever adds up.
[[nodiscard]] SteadyTime next_in_phase(SteadyTime after, Millis interval, std::uint64_t identity);

}  // namespace muster
