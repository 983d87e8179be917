#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>

#include <muster/memory/simulated_loop.hpp>

namespace muster::simulation {

/// What happened in a simulated world, one line an effect: seconds of its life with microseconds,
/// the wall clock's distance from where it would be had nobody touched it, and what it was. The
/// same seed gives the same text, byte for byte.
class Trace {
public:
    static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

    /// Keeps the newest `keep` lines. The loop must outlive it.
    Trace(SimulatedLoop const& loop, std::size_t keep) : loop_(loop), keep_(keep) {}

    void add(std::string_view what);

    [[nodiscard]] std::deque<std::string> const& lines() const noexcept { return lines_; }
    /// Ever, kept or not.
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

private:
    SimulatedLoop const& loop_;
    std::size_t const keep_;
    std::deque<std::string> lines_;
    std::uint64_t count_{0};
};

/// The last `most` lines for a person: what repeats is told once, with how often it came.
[[nodiscard]] std::string shortened(Trace const& trace, std::size_t most);

}  // namespace muster::simulation
