#include "simulated_machine.hpp"

#include <algorithm>
#include <utility>

namespace muster::simulation {
namespace {

class QuietLog final : public Log {
public:
    void write(LogLevel, std::string_view, std::string_view) override {}
};

SimulatedLane::Options slow_lane(Random& random, std::int64_t longest_ms) {
    return {.apply_after = Micros(random.between(10, longest_ms * 1000)),
            .answer_after = Micros(random.between(10, longest_ms * 1000)),
            .queue_limit = 64};
}

HubOptions hub_options(SimulatedMachine::Options const& options) {
    HubOptions result;
    result.version = "simulated";
    result.limits = options.limits;
    return result;
}

}  // namespace

/// All that dies with the process.
struct SimulatedMachine::Life {
    Life(SimulatedMachine& machine, Random random)
        : journal(machine.disk,
                  MemoryJournal::Options{.keep_bytes = 1U << 20U,
                                         .limit_bytes = machine.options_.journal_limit}),
          checkpoints(machine.disk),
          prober(machine.loop, [&machine](std::string const& target,
                                          ProbeRun const&) { return machine.answer(target); }),
          metrics(machine.loop, [](Url const&) { return Result<MetricsAnswer>(MetricsSample{}); }),
          sync_lane(machine.loop, slow_lane(random, 30)),
          checkpoint_lane(machine.loop, slow_lane(random, 200)),
          store_lane(machine.loop, slow_lane(random, 700)),  // five jobs fit into a stop
          bus_lane(machine.loop, slow_lane(random, 5)),
          hub(hub_options(machine.options_),
              HubPorts{machine.loop, machine.loop, prober, metrics, journal, checkpoints,
                       machine.store, bus, machine.picture, log, sync_lane, checkpoint_lane,
                       store_lane, bus_lane, machine.zones_}) {}

    QuietLog log;
    InProcessBus bus;
    MemoryJournal journal;
    MemoryCheckpointStore checkpoints;
    SimulatedProber prober;
    SimulatedMetricsSource metrics;
    SimulatedLane sync_lane;
    SimulatedLane checkpoint_lane;
    SimulatedLane store_lane;
    SimulatedLane bus_lane;
    Hub hub;
};

SimulatedMachine::SimulatedMachine(Options options)
    : store(rows, loop, Random(options.seed).fork()),
      options_(options),
      random_(options.seed),
      targets_(random_.fork(), SteadyTime{} + options.length) {
    wanted = random_projects(options_.projects, random_.fork());
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
    life_ = std::make_unique<Life>(*this, random_.fork());
    picture.set_written([journal = &life_->journal] { return journal->state().last_seq; });
    auto const started = life_->hub.start(wanted, options_.maintenance);
    if (!started) {
        complaints.push_back("the hub does not start: " + started.error().message);
    }
    return started.has_value();
}

void SimulatedMachine::end_life() {
    most_in_flight = std::max(most_in_flight, life_->prober.figures().most_in_flight);
    checks += life_->hub.figures().checks.checks;
    life_.reset();
    picture.hub_gone();
}

void SimulatedMachine::kill_hub() {
    end_life();
    disk.crash_process();
}

void SimulatedMachine::lose_power() {
    end_life();
    disk.lose_power();
}

bool SimulatedMachine::stop_hub() {
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
    return MemoryJournal(disk).state().last_seq;
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
