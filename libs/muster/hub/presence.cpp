#include <muster/hub/presence.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace muster {

bool Presence::may_ask(SteadyTime now, bool reachable) const noexcept {
    bool const well = reachable && condition_.working;
    return !waiting_since_ && (well || !asked_at_ || now - *asked_at_ >= kAgain);
}

void Presence::asked(SteadyTime now, std::uint64_t answers) noexcept {
    asked_at_ = now;
    waiting_since_ = now;
    looked_at_ = now;
    answers_ = answers;
    heard_at_ = heard_at_.value_or(now);
}

void Presence::look(SteadyTime now, std::uint64_t answers) {
    if (!waiting_since_) {
        return;
    }
    bool const stalled = now - std::exchange(looked_at_, now) >= kStall;
    if (answers != std::exchange(answers_, answers)) {
        waiting_since_ = now;
        heard(now);
    } else if (stalled) {
        waiting_since_ = now;
    } else if (now - *waiting_since_ >= kPatience) {
        missed("has not answered for " +
               format_duration(std::chrono::duration_cast<Millis>(kPatience)));
    }
}

void Presence::answered(SteadyTime now, Result<void> const& answer) {
    waiting_since_.reset();
    if (answer || answer.error().code == Errc::conflict) {
        heard(now);
    } else {
        missed(answer.error().message);
    }
}

void Presence::heard(SteadyTime now) noexcept {
    heard_at_ = now;
    condition_ = {};
}

void Presence::missed(std::string problem) {
    condition_.working = false;
    condition_.problem = std::move(problem);
    condition_.since = heard_at_;
}

}  // namespace muster
