#include <support/race.hpp>

#include <utility>

#include <support/cpu_time.hpp>

namespace muster::bench {

void race(std::vector<Contender>& contenders, std::size_t rounds,
          std::function<void()> const& prepare) {
    for (std::size_t round = 0; round <= rounds; ++round) {
        if (prepare) {
            prepare();
        }
        for (std::size_t turn = 0; turn < contenders.size(); ++turn) {
            auto& contender = contenders[(turn + round) % contenders.size()];
            auto const began = steady_seconds();
            auto const cpu = contender.cpu();
            contender.run();
            auto const used = contender.cpu() - cpu;
            auto const elapsed = steady_seconds() - began;
            if (round > 0) {
                contender.cpu_micros.push_back(used * 1e6 / contender.operations);
                contender.rate.push_back(contender.operations / elapsed);
            }
        }
    }
}

Row cpu_row(std::string name, Contender const& ours, Contender const& floor,
            std::optional<Budget> budget) {
    return {.name = std::move(name),
            .unit = "us CPU",
            .ours = ours.cpu_micros,
            .floor_name = floor.name,
            .floor = floor.cpu_micros,
            .budget = budget,
            .cpu_micros = ours.cpu_micros,
            .rate = ours.rate};
}

Row rate_row(std::string name, std::string unit, Contender const& ours, Contender const& floor,
             std::optional<Budget> budget) {
    return {.name = std::move(name),
            .unit = std::move(unit),
            .ours = ours.rate,
            .floor_name = floor.name,
            .floor = floor.rate,
            .budget = budget,
            .cpu_micros = ours.cpu_micros,
            .rate = ours.rate};
}

}  // namespace muster::bench
