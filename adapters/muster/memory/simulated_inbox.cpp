#include <muster/memory/simulated_inbox.hpp>

#include <algorithm>
#include <utility>

namespace muster {

SimulatedInbox::SimulatedInbox(SimulatedLoop& loop, Delay delay)
    : loop_(loop), delay_(std::move(delay)) {}

void SimulatedInbox::post(UniqueFunction<void()> function) {
    last_ = std::max(last_, loop_.now().steady + delay_());
    loop_.at(last_, std::move(function));
}

}  // namespace muster
