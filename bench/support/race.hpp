#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <support/row.hpp>

namespace muster::bench {

/// One of those that do the same work in turn.
struct Contender {
    std::string name;
    std::function<void()> run;         ///< One round.
    std::function<double()> cpu;       ///< Seconds of CPU used so far, of whoever does the work.
    double operations{1};              ///< A round.
    std::vector<double> cpu_micros{};  ///< An operation, by rounds.
    std::vector<double> rate{};        ///< Operations a second, by rounds.
};

/// Rounds are interleaved, and another one begins each, so that what disturbs the machine disturbs
/// all. The first one warms up and does not count. `prepare` runs before each round, unmeasured.
void race(std::vector<Contender>& contenders, std::size_t rounds,
          std::function<void()> const& prepare = {});

/// The CPU of one beside that of another, per operation.
[[nodiscard]] Row cpu_row(std::string name, Contender const& ours, Contender const& floor,
                          std::optional<Budget> budget);

/// Operations a second of one beside those of another.
[[nodiscard]] Row rate_row(std::string name, std::string unit, Contender const& ours,
                           Contender const& floor, std::optional<Budget> budget);

}  // namespace muster::bench
