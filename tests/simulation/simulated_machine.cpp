#include "simulated_machine.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "simulated_shards.hpp"

namespace muster::simulation {
namespace {

constexpr Millis kLongestWayToShard{300};

class QuietLog final : public Log {
public:
    void write(LogLevel, std::string_view, std::string_view) override {}
};

SimulatedLane::Options slow_lane(Random& random, Millis longest, std::size_t queue) {
    auto const most = Micros(longest).count();
    return {.apply_after = Micros(random.between(10, most)),
            .answer_after = Micros(random.between(10, most)),
            .queue_limit = queue};
}

HubOptions hub_options(SimulatedMachine::Options const& options) {
    HubOptions result;
    result.version = "simulated";
    result.limits = options.limits;
    result.metrics_limits = {options.collections};
    result.bus_is_shared = options.shared;
    if (options.shared) {
        result.chance = options.seed;
    }
    return result;
}

}  // namespace

/// All that dies with the process.
struct SimulatedMachine::Life {
    Life(SimulatedMachine& machine, Random random, std::unique_ptr<FileJournal> on_files)
        : file_journal(std::move(on_files)),
          memory_journal(machine.disk,
                         MemoryJournal::Options{.keep_bytes = 1U << 20U,
                                                .limit_bytes = machine.options_.journal_limit}),
          memory_checkpoints(machine.disk),
          simulated_prober(machine.loop,
                           [&machine](std::string const& target, ProbeRun const&) {
                               return machine.answer(target);
                           }),
          counts(ProbeCounts::Caps{machine.options_.limits.in_flight,
                                   machine.options_.limits.per_host},
                 machine.complaints),
          journal(file_journal ? static_cast<Journal&>(*file_journal) : memory_journal,
                  machine.effects),
          checkpoints(memory_checkpoints, machine.effects),
          store(machine.store, machine.effects, machine.complaints),
          counts_on_shards(ProbeCounts::Caps{std::numeric_limits<std::size_t>::max(),
                                             machine.options_.limits.per_host},
                           machine.complaints,
                           [this, &machine](std::string const& target, SteadyTime now) {
                               return is_wanted(target, now, machine.awake_since_);
                           }),
          prober(share_out(machine), machine.loop, machine.effects, counts),
          broadcaster({&machine.picture, &machine.live}, machine.effects),
          metrics(
              machine.loop, [](Url const&) { return Result<MetricsAnswer>(MetricsSample{}); },
              machine.options_.collection),
          sync_lane(machine.loop, slow_lane(random, Millis(30), machine.options_.lane_queue)),
          checkpoint_lane(machine.loop,
                          slow_lane(random, Millis(200), machine.options_.lane_queue)),
          store_options(
              slow_lane(random, machine.options_.longest_lane, machine.options_.lane_queue)),
          store_lane(machine.loop, store_options),
          bus_options(slow_lane(random, Millis(5), machine.options_.lane_queue)),
          bus_lane(machine.loop, bus_options),
          hub(hub_options(machine.options_),
              HubPorts{machine.loop, machine.loop, prober, metrics, journal, checkpoints, store,
                       machine.bus, broadcaster, log, sync_lane, checkpoint_lane, store_lane,
                       bus_lane, machine.zones_, machine.options_.shared ? &machine.store : nullptr,
                       machine.options_.shared ? &machine.bus : nullptr}) {}

    /// By the hub now, or until an order that may still be on its way left.
    [[nodiscard]] bool is_wanted(std::string const& target, SteadyTime now,
                                 SteadyTime awake_since) const {
        auto const end = counts.last_end(target);
        return counts.under_way(target) ||
               (end && now - std::max(*end, awake_since) <= kLongestWayToShard);
    }

    /// Who probes for the hub: itself, or shards.
    Prober& share_out(SimulatedMachine& machine) {
        if (machine.options_.shards == 1) {
            return simulated_prober;
        }
        shards.emplace(machine.options_.shards, machine.loop, simulated_prober, machine.effects,
                       counts_on_shards, machine.complaints,
                       Random(machine.options_.seed ^ (machine.lives << 32U)));
        return shards->prober();
    }

    QuietLog log;
    std::unique_ptr<FileJournal> file_journal;
    MemoryJournal memory_journal;
    MemoryCheckpointStore memory_checkpoints;
    SimulatedProber simulated_prober;
    ProbeCounts counts;
    WatchedJournal journal;
    WatchedCheckpoints checkpoints;
    WatchedStore store;
    ProbeCounts counts_on_shards;  ///< Of what really runs, a message later than the hub has it.
    std::optional<SimulatedShards> shards;
    WatchedProber prober;
    WatchedBroadcaster broadcaster;
    SimulatedMetricsSource metrics;
    SimulatedLane sync_lane;
    SimulatedLane checkpoint_lane;
    SimulatedLane::Options store_options;
    SimulatedLane store_lane;
    SimulatedLane::Options bus_options;
    SimulatedLane bus_lane;
    Hub hub;
};

SimulatedMachine::SimulatedMachine(Options options)
    : store(rows, loop, Random(options.seed).fork()),
      trace(loop, options.keep_lines),
      effects(trace),
      bus(loop, Random(options.seed ^ 0xb05ULL), options.bus),
      live(loop, trace, Random(options.seed ^ 0x11feULL), options.live),
      options_(options),
      random_(options.seed),
      targets_(random_.fork(), SteadyTime{} + options.length),
      files_(effects, Random(options.seed ^ 0xf11eULL)) {
    wanted = random_projects(options_.projects, random_.fork());
    bus.set_effects(&effects);
}

SimulatedMachine::~SimulatedMachine() = default;

Hub& SimulatedMachine::life_hub() noexcept {
    return life_->hub;
}

SimulatedAnswer SimulatedMachine::answer(std::string const& target) {
    auto seen = targets_.answer(target, loop.now().steady);
    switch (weather_) {
        case Weather::fine:
            break;
        case Weather::no_route:
            seen = failing_answer("this machine has no route to the target's network", 100us);
            seen.outcome.verdict = Verdict::not_counted;
            seen.outcome.own_fault = OwnFault::network;
            break;
        case Weather::unreachable:
            seen = failing_answer("host unreachable", 900ms);
            seen.outcome.own_fault = OwnFault::network;
            break;
        case Weather::black_hole:
            seen = silent_answer();
            break;
        case Weather::no_resolver:
            seen = failing_answer("the name service did not answer", 2s);
            seen.outcome.verdict = Verdict::not_counted;
            seen.outcome.own_fault = OwnFault::resolver;
            break;
    }
    return seen;
}

bool SimulatedMachine::start_hub() {
    effects.begin_life();
    trace.add(options_.shards == 1
                  ? "the hub starts"
                  : "the hub starts with " + std::to_string(options_.shards) + " shards");
    ++lives;
    live.begin_life();
    auto on_files = open_journal();
    if (!on_files) {
        complaints.push_back("the journal does not open: " + on_files.error().message);
        return false;
    }
    life_ = std::make_unique<Life>(*this, random_.fork(), *std::move(on_files));
    picture.set_written([journal = &life_->journal] { return journal->state().last_seq; });
    auto const started = life_->hub.start(wanted, options_.maintenance);
    if (!started) {
        complaints.push_back("the hub does not start: " + started.error().message);
    }
    return started.has_value();
}

/// Null: it lies in memory.
Result<std::unique_ptr<FileJournal>> SimulatedMachine::open_journal() {
    files_.use();
    if (!options_.segment_bytes) {
        return nullptr;
    }
    auto journal = FileJournal::open({.folder = "journal",
                                      .segment_bytes = *options_.segment_bytes,
                                      .keep_bytes = 1U << 20U,
                                      .keep_age = Millis(0),
                                      .limit_bytes = options_.journal_limit},
                                     loop.now().wall);
    if (journal) {
        for (auto const& problem : (*journal)->problems()) {
            complaints.push_back("the journal is whole: " + problem);
        }
        if ((*journal)->state().last_seq < durable_seq_) {
            complaints.push_back("what was durable is there: " + std::to_string(durable_seq_) +
                                 ", but only " + std::to_string((*journal)->state().last_seq) +
                                 " are");
        }
    }
    return journal;
}

void SimulatedMachine::end_life() {
    durable_seq_ = life_->journal.state().durable_seq;
    auto const& counts = life_->counts;
    most_in_flight = std::max(most_in_flight, counts.most_in_flight());
    auto const& figures = life_->hub.figures().checks;
    checks += figures.checks;
    if (!effects.dead() && figures.lateness.count() != counts.starts()) {
        complaints.push_back("the lateness of every start is accounted for: of " +
                             std::to_string(counts.starts()) + " starts " +
                             std::to_string(figures.lateness.count()) + " are");
    }
    auto const& shards = life_->shards;
    if (!effects.dead() && shards && shards->starts_told() != life_->counts_on_shards.starts()) {
        complaints.push_back("shards account for the lateness of every start: of " +
                             std::to_string(life_->counts_on_shards.starts()) + " starts for " +
                             std::to_string(shards->starts_told()));
    }
    live.end_life();
    life_.reset();
    picture.hub_gone();
}

void SimulatedMachine::kill_hub() {
    trace.add("kill -9");
    end_life();
    disk.crash_process();
}

void SimulatedMachine::lose_power() {
    trace.add("power loss");
    end_life();
    bus.power_was_lost();
    disk.lose_power();
    files_.lose_power();
}

void SimulatedMachine::lose_power_in_write(std::uint64_t kept) {
    trace.add("power loss in a write, " + std::to_string(kept) + " records kept by luck");
    end_life();
    bus.power_was_lost();
    disk.lose_power_in_write(kept);
    files_.lose_power();
}

void SimulatedMachine::fail_writes(std::optional<Error> const& error) {
    disk.fail_writes(error);
    files_.fail_writes(error);
}

void SimulatedMachine::fail_syncs(std::optional<Error> const& error) {
    disk.fail_syncs(error);
    files_.fail_syncs(error);
}

void SimulatedMachine::slow_down_store(Millis apply_after, Millis answer_after) {
    if (life_) {
        life_->store_options.apply_after = apply_after;
        life_->store_options.answer_after = answer_after;
        life_->store_lane.set_options(life_->store_options);
    }
}

void SimulatedMachine::slow_down_bus(Millis apply_after, Millis answer_after) {
    if (life_) {
        life_->bus_options.apply_after = apply_after;
        life_->bus_options.answer_after = answer_after;
        life_->bus_lane.set_options(life_->bus_options);
    }
}

std::uint64_t SimulatedMachine::journal_bytes() const {
    return life_ ? life_->journal.state().bytes : 0;
}

std::optional<SteadyTime> SimulatedMachine::last_probe(std::string const& target) const {
    return life_ ? life_->counts.last_start(target) : std::nullopt;
}

std::optional<SteadyTime> SimulatedMachine::room_since(ProbeSpec const& probe) const {
    if (!life_) {
        return std::nullopt;
    }
    return life_->counts.room_since(is_remote(probe) ? std::string(host_of(probe)) : std::string());
}

bool SimulatedMachine::any_cap_is_full() const {
    return life_ && life_->counts.any_cap_is_full();
}

bool SimulatedMachine::probes_now(ProbeSpec const& probe) const {
    return life_ && life_->counts.under_way(target_of(probe));
}

std::size_t SimulatedMachine::most_shard_messages() const {
    return life_ && life_->shards ? life_->shards->most_waiting() : 0;
}

std::size_t SimulatedMachine::most_pending() const {
    if (!life_) {
        return 0;
    }
    return std::max({life_->sync_lane.pending(), life_->checkpoint_lane.pending(),
                     life_->store_lane.pending(), life_->bus_lane.pending()});
}

bool SimulatedMachine::stop_hub() {
    trace.add("SIGTERM");
    bool stopped = false;
    life_->hub.stop(loop.now().steady + 5s, [&stopped] { stopped = true; });
    loop.run_for(10s);
    if (!stopped) {
        complaints.push_back("the hub did not stop within ten seconds");
    }
    end_life();
    disk.crash_process();
    return stopped;
}

void SimulatedMachine::run_events(std::int64_t count) {
    while (count-- > 0 && loop.run_one()) {}
}

std::uint64_t SimulatedMachine::last_seq() {
    if (!options_.segment_bytes) {
        return MemoryJournal(disk).state().last_seq;
    }
    auto const journal = open_journal();
    return journal ? (*journal)->state().last_seq : 0;
}

std::vector<ProjectSpec> random_projects(int count, Random random) {
    std::vector<ProjectSpec> projects;
    for (int number = 1; number <= count; ++number) {
        auto const name = "project-" + std::to_string(number);
        auto const url = *parse_url("http://10.0.0." + std::to_string(number) + ":3010");
        auto project = project_of(name, url);
        for (auto extra = random.between(0, 3); extra > 0; --extra) {
            ServiceSpec service;
            service.project = name;
            service.name = "extra-" + std::to_string(extra);
            service.probe = TcpProbeSpec{
                {"10.0.0." + std::to_string(number), static_cast<std::uint16_t>(5000 + extra)}};
            service.policy.interval = std::chrono::seconds(random.between(2, 60));
            service.policy.timeout = std::chrono::seconds(random.between(1, 8));
            service.policy.failure_threshold = static_cast<std::uint32_t>(random.between(1, 5));
            service.policy.success_threshold = static_cast<std::uint32_t>(random.between(1, 3));
            service.critical = !random.one_in(3);
            if (random.one_in(2)) {
                auto const of = static_cast<std::uint32_t>(random.between(2, 12));
                service.policy.failures_of = {static_cast<std::uint32_t>(random.between(1, of)),
                                              of};
            }
            service.policy.hysteresis_percent =
                static_cast<std::uint32_t>(random.between(0, 2) * 20);
            service.policy.grace = std::chrono::seconds(random.between(0, 2) * 60);
            if (random.one_in(2)) {
                service.depends_on = {{name, "app", random.one_in(4)}};
            }
            if (number > 1 && random.one_in(2)) {
                service.depends_on.push_back({"project-" + std::to_string(number - 1), "app"});
            }
            project.services.push_back(std::move(service));
        }
        projects.push_back(std::move(project));
    }
    return projects;
}

}  // namespace muster::simulation
