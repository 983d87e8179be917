#include <muster/monitoring/unprepared_probe.hpp>

#include <utility>

namespace muster {

UnpreparedProbe::UnpreparedProbe(Clock const& clock, Timers& timers, std::string why)
    : clock_(clock), why_(std::move(why)), timer_(timers.make([this] { end(); })) {}

void UnpreparedProbe::start(ProbeRun const& /*run*/, ProbeObserver& observer, std::uint64_t token) {
    observer_ = &observer;
    token_ = token;
    timer_->arm(clock_.now().steady);
}

void UnpreparedProbe::cancel() {
    timer_->disarm();
}

void UnpreparedProbe::end() {
    Outcome outcome;
    outcome.error = "cannot be probed: " + why_ + " (not counted)";
    observer_->probed(token_, std::move(outcome));
}

}  // namespace muster
