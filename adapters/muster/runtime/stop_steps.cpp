#include <muster/runtime/stop_steps.hpp>

#include <algorithm>
#include <utility>

namespace muster {

struct StopSteps::Run {
    UniqueFunction<void(bool)> finished;
    SteadyTime deadline{};
    std::string current;
    std::size_t number{0};  ///< Of the step under way: answers of steps left behind do not count.
    bool in_time{true};
};

StopSteps::StopSteps(Clock const& clock, Timers& timers, Log& log)
    : clock_(clock), log_(log), watchdog_(timers.make([this] {
          log_.write(LogLevel::error, "stop", run_->current + " did not end in time");
          run_->in_time = false;
          next();
      })) {}

StopSteps::~StopSteps() = default;

void StopSteps::add(std::string name, Step step) {
    steps_.push_back({std::move(name), std::move(step)});
}

bool StopSteps::stopping() const noexcept {
    return run_ != nullptr;
}

void StopSteps::stop(Millis limit, UniqueFunction<void(bool)> finished) {
    if (run_) {
        return;
    }
    run_ = std::make_shared<Run>();
    run_->finished = std::move(finished);
    run_->deadline = clock_.now().steady + limit;
    next();
}

void StopSteps::next() {
    watchdog_->disarm();
    auto const number = ++run_->number;
    if (steps_.empty()) {
        run_->finished(run_->in_time);
        return;
    }
    auto named = std::move(steps_.back());
    steps_.pop_back();
    run_->current = named.name;
    // What is left of the time is shared, so that one stuck step leaves some to those behind it.
    auto const now = clock_.now().steady;
    auto const left = std::max<SteadyTime::duration>(run_->deadline - now, 50ms);
    watchdog_->arm(now + (steps_.empty() ? left : left * 2 / 3));
    log_.write(LogLevel::debug, "stop", named.name);
    named.step([this, weak = std::weak_ptr(run_), number] {
        auto const run = weak.lock();
        if (run && run->number == number) {
            next();
        }
    });
}

}  // namespace muster
