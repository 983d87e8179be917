#pragma once

#include <functional>
#include <string>
#include <thread>

#include <muster/runtime/loop.hpp>

namespace muster {

/// A loop with a thread of its own. Destroying it finishes the loop and joins the thread: what
/// lives on the loop must be stopped before.
class LoopThread {
public:
    /// `failed` is called on this thread with one line if a function on the loop throws; half a
    /// monitor is worse than none, so the program should end then.
    LoopThread(std::string name, std::function<void(std::string const&)> failed);
    ~LoopThread();
    LoopThread(LoopThread const&) = delete;
    LoopThread& operator=(LoopThread const&) = delete;

    [[nodiscard]] Loop& loop() noexcept { return loop_; }

private:
    Loop loop_;
    std::thread thread_;  // last: it runs the loop
};

}  // namespace muster
