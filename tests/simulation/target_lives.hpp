#pragma once

#include <map>
#include <string>
#include <vector>

#include <muster/memory/simulated_prober.hpp>

#include "random.hpp"

namespace muster::simulation {

/// What targets do over the whole run: each lives through random spells of being well, slow,
/// broken, silent or flaky, drawn from the seed before anything starts.
class TargetLives {
public:
    TargetLives(Random random, SteadyTime until);

    [[nodiscard]] SimulatedAnswer answer(std::string const& target, SteadyTime now);

    /// From now on the target does nothing else.
    void always(std::string target, SimulatedAnswer answer);

private:
    enum class Mood { well, slow, says_degraded, refusing, erroring, silent, flaky, our_fault };

    struct Spell {
        SteadyTime from{};
        Mood mood{Mood::well};
    };

    struct Life {
        std::vector<Spell> spells;
        std::size_t at{0};
        Random random{0};
    };

    [[nodiscard]] Life draw();
    [[nodiscard]] static SimulatedAnswer in_mood(Mood mood, Random& random);

    Random random_;
    SteadyTime const until_;
    std::map<std::string, Life> lives_;
    std::map<std::string, SimulatedAnswer> always_;
};

}  // namespace muster::simulation
