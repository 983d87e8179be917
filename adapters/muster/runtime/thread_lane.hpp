#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <muster/ports/lane.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

/// A lane that is a thread. Destroying it waits for the job under way and drops those that wait,
/// with their `done`.
class ThreadLane final : public Lane {
public:
    struct Options {
        std::string name{"lane"};  ///< Of the thread, as `top -H` shows it; 15 characters.
        std::size_t queue_limit{64};
    };

    /// `home`: the loop on which `done` runs, and from whose thread submit() is called.
    ThreadLane(Loop& home, Options options);
    ~ThreadLane() override;
    ThreadLane(ThreadLane const&) = delete;
    ThreadLane& operator=(ThreadLane const&) = delete;

    [[nodiscard]] bool submit(UniqueFunction<void()> job, UniqueFunction<void()> done) override;
    [[nodiscard]] std::size_t pending() const override;

    /// Jobs that were not taken because the queue was full. Loop thread only.
    [[nodiscard]] std::size_t refused() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
