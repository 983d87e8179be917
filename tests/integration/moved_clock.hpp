#pragma once

#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {

/// The machine's clocks, moved by what a test wants.
class MovedClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        auto moment = system_.now();
        moment.steady += by;
        moment.wall += by;
        return moment;
    }

    Millis by{0};

private:
    SystemClock system_;
};

}  // namespace muster
