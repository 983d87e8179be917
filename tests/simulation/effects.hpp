#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "trace.hpp"

namespace muster::simulation {

/// Everything that a hub does to the world around it passes here: it is told to the trace, and the
/// process may die between any two of them, in the middle of one function of the loop too. What a
/// dead process tries happens no more; the machine ends its life when it gets back to the loop.
class Effects {
public:
    /// The trace must outlive it.
    explicit Effects(Trace& trace) : trace_(trace) {}

    /// Asked before each effect: whether it happens.
    [[nodiscard]] bool happens(std::string_view what) {
        if (dead_) {
            return false;
        }
        if (left_ > 0 && --left_ == 0) {
            dead_ = true;
            trace_.add("dies before " + std::string(what));
            return false;
        }
        trace_.add(what);
        return true;
    }

    /// The process dies before the `count`-th effect from now on; 0: it does not.
    void die_before(std::uint64_t count) { left_ = count; }

    [[nodiscard]] bool dead() const noexcept { return dead_; }

    /// Another process lives.
    void begin_life() {
        dead_ = false;
        left_ = 0;
    }

    [[nodiscard]] Trace& trace() noexcept { return trace_; }

private:
    Trace& trace_;
    std::uint64_t left_{0};
    bool dead_{false};
};

}  // namespace muster::simulation
