#include <muster/monitoring/loop_lag.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

constexpr Millis kEvery{100};
constexpr Millis kWindow{10'000};

}  // namespace

LoopLag::LoopLag(Clock const& clock, Timers& timers)
    : clock_(clock), timer_(timers.make([this] { tick(); })) {
    window_began_ = clock_.now().steady;
    arm(window_began_);
}

Micros LoopLag::longest() const {
    return std::max({lateness(clock_.now().steady), in_window_, in_window_before_});
}

void LoopLag::tick() {
    auto const now = clock_.now().steady;
    if (now - window_began_ >= kWindow) {
        in_window_before_ = std::exchange(in_window_, Micros(0));
        window_began_ = now;
    }
    in_window_ = std::max(in_window_, lateness(now));
    arm(now);
}

void LoopLag::arm(SteadyTime now) {
    due_ = now + kEvery;
    timer_->arm(due_);
}

Micros LoopLag::lateness(SteadyTime now) const {
    return std::max(std::chrono::duration_cast<Micros>(now - due_), Micros(0));
}

}  // namespace muster
