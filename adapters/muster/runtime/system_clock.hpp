#pragma once

#include <muster/ports/clock.hpp>

namespace muster {

/// The machine's clocks. Safe from any thread.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
};

}  // namespace muster
