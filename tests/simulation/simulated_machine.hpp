#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <muster/hub/hub.hpp>
#include <muster/journal/file_journal.hpp>
#include <muster/memory/in_process_bus.hpp>
#include <muster/memory/memory_checkpoint_store.hpp>
#include <muster/memory/memory_journal.hpp>
#include <muster/memory/memory_store.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/memory/simulated_prober.hpp>
#include <muster/memory/table_zone_rules.hpp>

#include "effects.hpp"
#include "faulty_bus.hpp"
#include "faulty_store.hpp"
#include "live_clients.hpp"
#include "live_picture.hpp"
#include "random.hpp"
#include "simulated_files.hpp"
#include "target_lives.hpp"
#include "trace.hpp"
#include "watched_ports.hpp"

namespace muster::simulation {

/// What surrounds the hub, whatever its targets do.
enum class Weather {
    fine,
    no_route,     ///< Its own network is away and says so: checks do not count by themselves.
    unreachable,  ///< No host can be reached: seen from one check alone, the target's fault.
    black_hole,   ///< What is sent vanishes.
    no_resolver,  ///< Names cannot be asked for.
};

/// A machine on which the real hub lives and dies in simulated time. Disk, store, targets and time
/// outlive the hub; loop functions, lanes and everything in memory do not.
class SimulatedMachine {
public:
    struct Options {
        std::uint64_t seed{1};
        int projects{6};
        SteadyTime::duration length{24h};
        Scheduler::Limits limits{.in_flight = 200, .per_host = 64};
        std::size_t shards{1};
        std::uint32_t collections{64};  ///< Of projects' figures at once.
        Micros collection{1'000};       ///< How long one takes.
        std::vector<MaintenanceSpec> maintenance{};
        std::uint64_t journal_limit{std::numeric_limits<std::uint64_t>::max()};
        /// The journal of real hubs, on simulated files, with segments of this size; nothing: the
        /// one in memory.
        std::optional<std::uint64_t> segment_bytes{};
        LiveClients::Options live{};
        FaultyBus::Options bus{.remembers = false};
        bool shared{false};  ///< Store and bus are servers, which the hub asks how they are.
        std::size_t lane_queue{64};
        Millis longest_lane{700};   ///< The store's; five jobs of it fit into a stop.
        std::size_t keep_lines{0};  ///< Of the trace.
    };

    explicit SimulatedMachine(Options options);
    ~SimulatedMachine();
    SimulatedMachine(SimulatedMachine const&) = delete;
    SimulatedMachine& operator=(SimulatedMachine const&) = delete;

    /// Starts the hub from what the disk holds; false (with a complaint) when it does not start.
    bool start_hub();

    /// The process is gone from one function of the loop to the next.
    void kill_hub();
    /// The same, and everything that was not synced is gone as well.
    void lose_power();
    /// Of what was not synced some is there, and some is torn.
    void lose_power_in_write(std::uint64_t kept);
    /// As on SIGTERM. False: it did not end within ten seconds.
    bool stop_hub();

    void run_for(SteadyTime::duration length) { loop.run_for(length); }
    void run_events(std::int64_t count);

    /// From now on the store applies what it is given, and answers, that late.
    void slow_down_store(Millis apply_after, Millis answer_after);

    /// The same of the bus.
    void slow_down_bus(Millis apply_after, Millis answer_after);

    /// From now on everything that is written to the disk (synced) fails so; nothing: it works.
    void fail_writes(std::optional<Error> const& error);
    void fail_syncs(std::optional<Error> const& error);

    /// When a target was probed last in this life of the hub.
    [[nodiscard]] std::optional<SteadyTime> last_probe(std::string const& target) const;

    /// Since when no cap has held back a probe of this target; nothing: one does, or nobody lives.
    [[nodiscard]] std::optional<SteadyTime> room_since(ProbeSpec const& probe) const;
    /// Whether some cap holds anybody back now.
    [[nodiscard]] bool any_cap_is_full() const;
    [[nodiscard]] bool probes_now(ProbeSpec const& probe) const;

    /// Messages that wait for the busiest shard, or from it.
    [[nodiscard]] std::size_t most_shard_messages() const;

    /// Of the hub that lives now.
    [[nodiscard]] std::uint64_t journal_bytes() const;

    /// Jobs that wait in the fullest lane.
    [[nodiscard]] std::size_t most_pending() const;

    /// The hub's process stands still (SIGSTOP, a starved machine); time goes on.
    void stop_for(SteadyTime::duration length) {
        loop.stand_still(length);
        awake_since_ = loop.now().steady;
    }
    /// The whole machine sleeps: only the wall clock has gone on when it wakes up.
    void fall_asleep_for(Millis length) { loop.step_wall_clock(length); }

    void set_weather(Weather weather) { weather_ = weather; }

    /// Store and bus work from now on.
    void heal() {
        store.heal();
        bus.heal();
    }

    /// The hub that lives now, or nothing.
    [[nodiscard]] Hub* hub() noexcept { return life_ ? &life_hub() : nullptr; }

    [[nodiscard]] Options const& options() const noexcept { return options_; }
    [[nodiscard]] std::vector<MaintenanceSpec> const& windows() const noexcept {
        return options_.maintenance;
    }

    [[nodiscard]] TargetLives& targets() noexcept { return targets_; }

    /// The newest record that the journal holds.
    [[nodiscard]] std::uint64_t last_seq();

    /// The projects that the configuration names.
    std::vector<ProjectSpec> wanted;

    SimulatedLoop loop;
    MemoryDisk disk;  ///< Of the checkpoint, and of a journal in memory.
    MemoryStore rows;
    FaultyStore store;
    LivePicture picture;
    Trace trace;
    Effects effects;
    FaultyBus bus;
    LiveClients live;
    std::vector<std::string> complaints;
    std::size_t most_in_flight{0};
    std::uint64_t checks{0};
    std::uint64_t lives{0};

private:
    struct Life;

    [[nodiscard]] Result<std::unique_ptr<FileJournal>> open_journal();
    [[nodiscard]] Hub& life_hub() noexcept;
    void end_life();

    [[nodiscard]] SimulatedAnswer answer(std::string const& target);

    Options const options_;
    SteadyTime awake_since_{};
    Weather weather_{Weather::fine};
    TableZoneRules zones_;
    Random random_;
    TargetLives targets_;
    SimulatedFiles files_;
    std::uint64_t durable_seq_{0};  ///< Of the life before this one.
    std::unique_ptr<Life> life_;
};

/// Projects with one to four services of different rhythms and thresholds.
[[nodiscard]] std::vector<ProjectSpec> random_projects(int count, Random random);

}  // namespace muster::simulation
