#pragma once

#include <memory>

#include <muster/ports/inbox.hpp>
#include <muster/ports/timers.hpp>

namespace boost::asio {
class io_context;
}

namespace muster {

/// One event loop, run by one thread. Everything that lives on it is touched by that thread only.
/// Must outlive the timers made from it and whatever posts to it.
class Loop final : public Timers, public Inbox {
public:
    Loop();
    ~Loop() override;
    Loop(Loop const&) = delete;
    Loop& operator=(Loop const&) = delete;

    /// For adapters that do their I/O here.
    [[nodiscard]] boost::asio::io_context& context() noexcept;

    [[nodiscard]] std::unique_ptr<Timer> make(UniqueFunction<void()> fire) override;

    void post(UniqueFunction<void()> function) override;

    /// Runs until finish() was called and nothing is left to do. What a function throws comes out
    /// of here: the owner logs it and ends the process.
    void run();

    /// Lets run() return once timers are disarmed, sockets closed and posted functions run. Any
    /// thread.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
