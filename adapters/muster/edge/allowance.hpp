#pragma once

#include <algorithm>
#include <chrono>

#include <muster/base/time.hpp>

namespace muster {

/// How much somebody may ask for: it grows with time up to `most`, and what is asked for is taken
/// off; the last of it may go below nothing. No clock: time is told.
class Allowance {
public:
    Allowance(double per_second, double most) noexcept
        : per_second_(per_second), most_(most), left_(most) {}

    void spend(double amount, SteadyTime now) noexcept {
        grow(now);
        left_ -= amount;
    }
    [[nodiscard]] bool any_left(SteadyTime now) noexcept {
        grow(now);
        return left_ > 0;
    }

private:
    void grow(SteadyTime now) noexcept {
        if (now > seen_) {
            auto const passed = std::chrono::duration<double>(now - seen_).count();
            left_ = std::min(most_, left_ + passed * per_second_);
            seen_ = now;
        }
    }

    double per_second_;
    double most_;
    double left_;
    SteadyTime seen_{};
};

}  // namespace muster
