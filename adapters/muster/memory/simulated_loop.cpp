#include <muster/memory/simulated_loop.hpp>

#include <algorithm>
#include <optional>

namespace muster {

class SimulatedLoop::SimulatedTimer final : public Timer {
public:
    SimulatedTimer(SimulatedLoop& loop, UniqueFunction<void()> fire)
        : loop_(loop), fire_(std::make_shared<UniqueFunction<void()>>(std::move(fire))) {}
    ~SimulatedTimer() override { SimulatedTimer::disarm(); }
    SimulatedTimer(SimulatedTimer const&) = delete;
    SimulatedTimer& operator=(SimulatedTimer const&) = delete;

    void arm(SteadyTime at) override {
        disarm();
        // The function is held by the queue too: it may destroy its own timer.
        armed_ = loop_.enqueue(at, [this, fire = fire_] {
            armed_.reset();
            (*fire)();
        });
    }

    void disarm() override {
        if (armed_) {
            loop_.queue_.erase(*armed_);
            armed_.reset();
        }
    }

private:
    SimulatedLoop& loop_;
    std::shared_ptr<UniqueFunction<void()>> fire_;
    std::optional<Key> armed_;
};

SimulatedLoop::SimulatedLoop(WallTime start) : start_(start) {}

Instant SimulatedLoop::now() const {
    auto const elapsed = std::chrono::duration_cast<Millis>(steady_.time_since_epoch());
    return {steady_, start_ + elapsed + wall_offset_};
}

std::unique_ptr<Timer> SimulatedLoop::make(UniqueFunction<void()> fire) {
    return std::make_unique<SimulatedTimer>(*this, std::move(fire));
}

void SimulatedLoop::at(SteadyTime at, UniqueFunction<void()> function) {
    enqueue(at, std::move(function));
}

void SimulatedLoop::after(SteadyTime::duration delay, UniqueFunction<void()> function) {
    enqueue(steady_ + delay, std::move(function));
}

void SimulatedLoop::run_until(SteadyTime until) {
    while (!queue_.empty() && queue_.begin()->first.first <= until) {
        run_one();
    }
    steady_ = std::max(steady_, until);
}

void SimulatedLoop::run_for(SteadyTime::duration length) {
    run_until(steady_ + length);
}

bool SimulatedLoop::run_one() {
    if (queue_.empty()) {
        return false;
    }
    auto node = queue_.extract(queue_.begin());
    steady_ = std::max(steady_, node.key().first);
    node.mapped()();
    return true;
}

SimulatedLoop::Key SimulatedLoop::enqueue(SteadyTime at, UniqueFunction<void()> function) {
    Key const key{std::max(at, steady_), ++order_};
    queue_.emplace(key, std::move(function));
    return key;
}

/// Shared with the functions in the loop's queue, which may outlive the lane.
struct SimulatedLane::State {
    SimulatedLoop& loop;
    Options options;
    std::size_t pending{0};
    SteadyTime free_at{};
    bool closed{false};
};

SimulatedLane::SimulatedLane(SimulatedLoop& loop, Options options)
    : state_(std::make_shared<State>(State{loop, options, 0, {}, false})) {}

SimulatedLane::~SimulatedLane() {
    state_->closed = true;
}

bool SimulatedLane::submit(UniqueFunction<void()> job, UniqueFunction<void()> done) {
    auto& state = *state_;
    if (state.pending >= state.options.queue_limit) {
        return false;
    }
    ++state.pending;
    auto const apply_at =
        std::max(state.loop.now().steady, state.free_at) + state.options.apply_after;
    auto const answer_at = apply_at + state.options.answer_after;
    state.free_at = answer_at;
    state.loop.at(apply_at, [shared = state_, job = std::move(job)]() mutable {
        if (!shared->closed) {
            job();
        }
    });
    state.loop.at(answer_at, [shared = state_, done = std::move(done)]() mutable {
        if (!shared->closed) {
            --shared->pending;
            done();
        }
    });
    return true;
}

std::size_t SimulatedLane::pending() const {
    return state_->pending;
}

void SimulatedLane::set_options(Options options) {
    state_->options = options;
}

}  // namespace muster
