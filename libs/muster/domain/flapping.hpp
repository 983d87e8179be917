#pragma once

#include <cstdint>

namespace muster {

/// How restless a service's status is: in which of its last 20 checks the status changed, newer
/// changes weighing more. Counts checks and not time, so it fits any interval. A value of 4 bytes.
class Restlessness {
public:
    static constexpr unsigned kChecks = 20;
    static constexpr double kStartsAbove = 30.0;
    static constexpr double kStopsBelow = 25.0;

    constexpr Restlessness() = default;
    /// As bits() gave it; bits beyond the last kChecks are dropped.
    constexpr explicit Restlessness(std::uint32_t bits) noexcept : bits_(bits & kMask) {}

    constexpr void add(bool changed) noexcept {
        bits_ = ((bits_ << 1U) | (changed ? 1U : 0U)) & kMask;
    }

    /// 0-99 percent: the i-th oldest of the 20 checks weighs 0.8 + 0.02 i (i from 0).
    [[nodiscard]] constexpr double score() const noexcept { return weight() / 20.0; }

    /// Whether it flaps now, given whether it did: between the two marks it stays as it was.
    [[nodiscard]] constexpr bool flapping(bool before) const noexcept {
        return before ? score() >= kStopsBelow : score() > kStartsAbove;
    }

    /// In how many of the last 20 checks the status changed.
    [[nodiscard]] constexpr unsigned changes() const noexcept {
        unsigned count = 0;
        for (auto left = bits_; left != 0; left &= left - 1) {
            ++count;
        }
        return count;
    }

    /// The newest check is bit 0.
    [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

    bool operator==(Restlessness const&) const = default;

private:
    static constexpr std::uint32_t kMask = (1U << kChecks) - 1;

    /// In hundredths.
    [[nodiscard]] constexpr unsigned weight() const noexcept {
        unsigned sum = 0;
        unsigned weighs = 80 + 2 * (kChecks - 1);
        for (auto left = bits_; left != 0; left >>= 1U) {
            sum += (left & 1U) != 0 ? weighs : 0;
            weighs -= 2;
        }
        return sum;
    }

    std::uint32_t bits_{0};
};

}  // namespace muster
