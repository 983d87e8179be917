#include <muster/runtime/system_clock.hpp>

namespace muster {

Instant SystemClock::now() const {
    return {std::chrono::steady_clock::now(),
            std::chrono::floor<Millis>(std::chrono::system_clock::now())};
}

}  // namespace muster
