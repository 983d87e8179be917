#pragma once

#include <cstdint>

namespace muster::simulation {

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed on every machine,
/// which the standard's distributions do not promise.
class Random {
public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

    [[nodiscard]] std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
        return mixed ^ (mixed >> 31U);
    }

    /// A whole number in [from, to]. The bias of the remainder is far below what matters here.
    [[nodiscard]] std::int64_t between(std::int64_t from, std::int64_t to) noexcept {
        auto const width = static_cast<std::uint64_t>(to - from) + 1;
        return from + static_cast<std::int64_t>(next() % width);
    }

    [[nodiscard]] bool one_in(std::int64_t times) noexcept { return between(1, times) == 1; }

    /// A generator of its own for a part, so that parts do not disturb each other.
    [[nodiscard]] Random fork() noexcept { return Random(next()); }

private:
    std::uint64_t state_;
};

}  // namespace muster::simulation
