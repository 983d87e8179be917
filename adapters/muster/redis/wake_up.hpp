#pragma once

// Private to this library.

#include <atomic>

namespace muster {

/// Ends the waiting of another thread, for good. Without a descriptor (the process has none left)
/// that takes up to 100 ms.
class WakeUp {
public:
    WakeUp();
    ~WakeUp();
    WakeUp(WakeUp const&) = delete;
    WakeUp& operator=(WakeUp const&) = delete;

    /// Any thread.
    void tell() noexcept;
    [[nodiscard]] bool told() const noexcept { return told_; }

private:
    friend short poll_one(int socket, short events, int millis, WakeUp const* wake) noexcept;

    int const descriptor_;
    std::atomic<bool> told_{false};
};

/// poll(2) of one descriptor (-1: of none) for at most so many milliseconds, or until `wake`, which
/// may be null, is told. What the descriptor is ready for; 0: nothing yet, and it may be too early
/// for that.
[[nodiscard]] short poll_one(int socket, short events, int millis, WakeUp const* wake) noexcept;

}  // namespace muster
