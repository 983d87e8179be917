#pragma once

#include <muster/base/time.hpp>

namespace muster {

/// The only way to learn the time. Safe from any thread.
class Clock {
public:
    virtual ~Clock() = default;

    /// Both clocks read together. `steady` never goes back; `wall` may step.
    [[nodiscard]] virtual Instant now() const = 0;
};

}  // namespace muster
