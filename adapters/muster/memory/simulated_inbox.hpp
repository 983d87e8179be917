#pragma once

#include <functional>

#include <muster/memory/simulated_loop.hpp>
#include <muster/ports/inbox.hpp>

namespace muster {

/// The way from one loop to another in simulated time, where both are one: what is posted runs some
/// time later, as when the other thread was busy, and in order.
class SimulatedInbox final : public Inbox {
public:
    using Delay = std::function<SteadyTime::duration()>;

    /// `delay` is asked for each function posted. The loop must outlive the inbox.
    SimulatedInbox(SimulatedLoop& loop, Delay delay);

    void post(UniqueFunction<void()> function) override;

private:
    SimulatedLoop& loop_;
    Delay const delay_;
    SteadyTime last_{};  ///< When the function posted last runs.
};

}  // namespace muster
