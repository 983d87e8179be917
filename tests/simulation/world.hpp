#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks_of_history.hpp"
#include "registry_life.hpp"
#include "simulated_machine.hpp"

namespace muster::simulation {

/// One world from one seed: targets, network, disk, store, bus, lanes, clock, people and the deaths
/// of the hub, all drawn from it, with every promise of the hub looked at while it lives. It ends
/// early where one is broken.
class World {
public:
    struct Options {
        std::uint64_t seed{1};
        SteadyTime::duration length{1h};
        std::size_t keep_lines{4'000};        ///< Of the trace; Trace::kAll for all.
        std::optional<std::size_t> shards{};  ///< Nothing: the seed says, 1 to 4.
    };

    explicit World(Options options);

    /// To its end. False: a promise was broken.
    bool live();

    /// The broken promises; empty: none.
    [[nodiscard]] std::vector<std::string> complaints() const;

    [[nodiscard]] Trace const& trace() const noexcept { return machine_.trace; }

    /// What happened in it, for a person who wonders whether it was hard enough.
    struct Figures {
        std::uint64_t checks{0};
        std::uint64_t steps{0};
        std::uint64_t lives{0};
        std::uint64_t effects{0};
    };
    [[nodiscard]] Figures figures() const;

private:
    /// The wall clock went from one time to another, or nothing ran in between.
    struct Jump {
        Position position;  ///< Of the last record before it.
        WallTime from{};
        WallTime to{};
        Millis clock_set_by{0};  ///< In all, from then on.
        bool stood_still{false};
    };

    static SimulatedMachine::Options options_of(Options const& options);
    [[nodiscard]] Surroundings surroundings();

    void run_for(SteadyTime::duration length);
    void run_until_probed(ServiceSpec const& service, SteadyTime::duration at_most);
    void after_step();
    void look_at_held_back();
    void act();
    void act_on_registry();
    void act_on_disk();
    void act_on_services();
    void act_on_time();
    void act_on_network();
    void arm_death();
    void stop_and_start();
    void die();
    void start();
    void mend(bool all);
    void look();
    void look_at_queues();
    void look_at_waiting(Service const& service, Instant now);
    void end_well();
    void check_checkpoint();

    static bool is_near(Jump const& jump, Position position);
    void note_jump(WallTime from, bool stood_still);
    [[nodiscard]] bool sound() const;
    void expect(bool holds, std::string promise);
    void say(std::string const& act) { machine_.trace.add("act: " + act); }

    Options const options_;
    Random random_;
    SimulatedMachine machine_;
    RegistryLife registry_;
    std::vector<Jump> jumps_;
    HistoryCheck history_;
    std::size_t taken_{0};  ///< Of the stored records.
    bool loses_power_{false};
    bool set_back_{false};
    SteadyTime life_began_{};
    SteadyTime stood_still_until_{};
    bool stopping_{false};
    std::optional<SteadyTime> held_back_since_;  ///< Though no cap is full.
    struct FirstSeen {
        WallTime updated_at{};
        SteadyTime at{};
    };
    std::map<ServiceId, FirstSeen> first_seen_;  ///< Each version of a service.
    SteadyTime disk_mended_at_{};
    SteadyTime syncs_mended_at_{};
    SteadyTime store_back_at_{};
    SteadyTime store_quick_at_{};
    SteadyTime bus_back_at_{};
    SteadyTime bus_quick_at_{};
    SteadyTime fine_weather_at_{};
    std::uint64_t steps_{0};
    std::vector<std::string> complaints_;
};

/// What a person needs of a world that broke a promise: seed, promises, the end of its trace, and
/// the command that plays it again.
[[nodiscard]] std::string report(World const& world, World::Options const& options);

}  // namespace muster::simulation
