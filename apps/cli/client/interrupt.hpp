#pragma once

#include <muster/base/time.hpp>

namespace muster {

/// A time as poll() takes it: of very long ones as long as it can.
[[nodiscard]] int poll_timeout(Millis time) noexcept;

/// Turns SIGINT and SIGTERM into an order to end that can be waited for. Made before any thread of
/// the process: those inherit that the signals are held back. Once raised it stays so.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(Interrupt const&) = delete;
    Interrupt& operator=(Interrupt const&) = delete;

    /// Waits so long; true: the order came, and at once.
    [[nodiscard]] bool wait(Millis time) const;
    [[nodiscard]] bool raised() const { return wait(Millis(0)); }

    /// Readable once raised; for poll(). -1 where the machine has no descriptor left: then the
    /// signals end the process as usual.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_{-1};
};

}  // namespace muster
