#include <muster/monitoring/stall_watch.hpp>

namespace muster {
namespace {

constexpr Millis kBeat{500};
constexpr Millis kStall{1'500};

}  // namespace

StallWatch::StallWatch(Clock const& clock, Timers& timers)
    : clock_(clock), timer_(timers.make([this] { beat(); })) {}

void StallWatch::start() {
    if (!last_beat_) {
        beat();
    }
}

void StallWatch::stop() {
    timer_->disarm();
}

void StallWatch::notice(SteadyTime now) {
    if (last_beat_ && now - *last_beat_ > kStall) {
        ++count_;
        until_ = now;
        last_beat_ = now;
    }
}

void StallWatch::beat() {
    auto const now = clock_.now().steady;
    notice(now);
    last_beat_ = now;
    timer_->arm(now + kBeat);
}

}  // namespace muster
