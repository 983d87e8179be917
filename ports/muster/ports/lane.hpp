#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <muster/base/unique_function.hpp>

namespace muster {

/// A place where blocking work is done, one job after another, in the order of submission: a thread
/// with a bounded queue, or in the simulation a point later in simulated time.
class Lane {
public:
    virtual ~Lane() = default;

    /// Runs `job` on the lane, then `done` on the loop that owns this object. Both must not throw,
    /// and own all they need. Loop thread only. False, and neither ever runs, when the queue is
    /// full or the lane was closed. Destroying the lane lets jobs under way end and drops their
    /// `done`.
    [[nodiscard]] virtual bool submit(UniqueFunction<void()> job, UniqueFunction<void()> done) = 0;

    /// Jobs submitted whose `done` has not run.
    [[nodiscard]] virtual std::size_t pending() const = 0;
};

/// Submits `job` and hands what it returns to `done`. False: the lane took nothing.
template <class Job, class Done>
[[nodiscard]] bool submit_to(Lane& lane, Job job, Done done) {
    using Value = std::invoke_result_t<Job&>;
    auto value = std::make_shared<std::optional<Value>>();
    return lane.submit([job = std::move(job), value]() mutable { value->emplace(job()); },
                       [done = std::move(done), value]() mutable { done(std::move(**value)); });
}

}  // namespace muster
