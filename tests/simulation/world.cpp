#include "world.hpp"

#include <algorithm>
#include <utility>

#include <muster/codec/record_json.hpp>

namespace muster::simulation {
namespace {

constexpr auto kCalm = 6min;        // at the end, when everything works
constexpr std::size_t kShown = 60;  // lines of a trace
constexpr std::uint64_t kSharedEvery = 5;

WallTime const kBegin{Millis(1'700'000'000'000)};

/// Once each, for some of the projects, at any time of the world.
std::vector<MaintenanceSpec> random_windows(Random& random, int projects, Millis length) {
    std::vector<MaintenanceSpec> windows;
    for (auto left = random.between(0, 3); left > 0; --left) {
        MaintenanceSpec window;
        window.match.projects = {"project-" + std::to_string(random.between(1, projects))};
        window.from = kBegin + Millis(random.between(0, length.count()));
        window.until = *window.from + std::chrono::minutes(random.between(5, 90));
        window.why = "works";
        windows.push_back(std::move(window));
    }
    return windows;
}

}  // namespace

SimulatedMachine::Options World::options_of(Options const& options) {
    Random random(options.seed ^ 0x0b71ULL);
    SimulatedMachine::Options result;
    result.seed = options.seed;
    result.projects = static_cast<int>(random.between(1, 8));
    result.length = options.length;
    if (random.one_in(3)) {
        result.limits = {.in_flight = static_cast<std::uint32_t>(random.between(4, 20)),
                         .per_host = static_cast<std::uint32_t>(random.between(1, 3))};
    }
    result.maintenance =
        random_windows(random, result.projects, std::chrono::duration_cast<Millis>(options.length));
    result.live = {.clients = static_cast<int>(random.between(1, 4)),
                   .held_frames = static_cast<std::size_t>(random.between(3, 60)),
                   .held_bytes = static_cast<std::size_t>(random.between(4'000, 60'000)),
                   .snapshot_bytes = static_cast<std::size_t>(random.between(1'000, 30'000))};
    result.bus = {.remembers = random.one_in(2)};
    result.lane_queue = std::size_t{1} << static_cast<unsigned>(random.between(0, 6));
    result.collections = static_cast<std::uint32_t>(random.between(1, 4));
    result.collection = Millis(random.between(1, 4'000));
    result.longest_lane = Millis(random.between(1, 700));
    if (random.one_in(2)) {
        result.segment_bytes = static_cast<std::uint64_t>(random.between(2'000, 60'000));
    }
    result.keep_lines = options.keep_lines;
    auto const shards = static_cast<std::size_t>(random.between(1, 4));
    result.shards = options.shards.value_or(shards);
    // Not drawn: seeds in which something was found once keep their stories.
    result.shared = options.seed % kSharedEvery == 0;
    result.bus.remembers = result.bus.remembers || result.shared;
    return result;
}

World::World(Options options)
    : options_(options),
      random_(options.seed ^ 0x303dULL),
      machine_(options_of(options)),
      registry_(machine_, random_.fork()),
      history_(surroundings()) {}

bool World::live() {
    start();
    auto const end = SteadyTime{} + options_.length - kCalm;
    while (sound() && machine_.loop.now().steady < end) {
        run_for(Millis(random_.between(100, 240'000)));
        look();
        if (sound()) {
            act();
            after_step();
        }
    }
    if (sound()) {
        end_well();
    }
    return sound();
}

/// So that what follows comes while the check is under way, where there is one in time.
void World::run_until_probed(ServiceSpec const& service, SteadyTime::duration at_most) {
    auto const end = machine_.loop.now().steady + at_most;
    while (sound() && machine_.hub() != nullptr && !machine_.probes_now(service.probe) &&
           machine_.loop.now().steady < end && machine_.loop.run_one()) {
        after_step();
    }
}

/// Step by step, with a look after each.
void World::run_for(SteadyTime::duration length) {
    bool reached = false;
    machine_.loop.after(length, [&reached] { reached = true; });
    while (!reached) {
        machine_.loop.run_one();
        if (sound()) {
            after_step();
        }
    }
}

void World::after_step() {
    ++steps_;
    if (machine_.effects.dead()) {
        die();
    }
    auto const& stored = machine_.rows.applied();
    for (; taken_ < stored.size(); ++taken_) {
        auto const& record = stored[taken_];
        history_.take(record);
        if (auto const* const transition = std::get_if<Transition>(&record.body)) {
            auto const* const heard = machine_.bus.heard(record.position);
            expect(heard == nullptr ||
                       *heard == encode_health_change("hub-main", record.position, *transition),
                   "channels tell what is stored");
        }
    }
    expect(machine_.most_pending() <= machine_.options().lane_queue, "no lane takes too much");
    look_at_held_back();
}

void World::die() {
    registry_.hub_gone(false);
    if (loses_power_) {
        machine_.lose_power_in_write(static_cast<std::uint64_t>(random_.between(0, 12)));
    } else {
        machine_.kill_hub();
    }
    machine_.loop.run_for(Millis(random_.one_in(2) ? 0 : random_.between(1, 600'000)));
    start();
}

/// As on SIGTERM; sometimes the process dies before it has come to its end.
void World::stop_and_start() {
    mend(true);
    auto const life = machine_.lives;
    bool stopped = false;
    if (random_.one_in(2)) {
        arm_death();
    } else {
        machine_.effects.die_before(0);
    }
    say("SIGTERM");
    registry_.look();
    stopping_ = true;
    machine_.hub()->stop(machine_.loop.now().steady + 5s, [&stopped] { stopped = true; });
    run_for(11s);
    if (machine_.lives != life) {
        return;  // it died in between, and another one lives
    }
    expect(stopped, "a hub stops within ten seconds");
    registry_.hub_gone(true);
    machine_.kill_hub();
    machine_.loop.run_for(Millis(random_.between(0, 120'000)));
    start();
}

void World::start() {
    mend(true);
    machine_.picture.disk_takes_nothing(false);
    if (!machine_.start_hub()) {
        return;
    }
    life_began_ = machine_.loop.now().steady;
    stopping_ = false;
    registry_.hub_back();
}

/// What was to last until now is over; `all`: everything is.
void World::mend(bool all) {
    auto const now = machine_.loop.now().steady;
    auto const is_over = [&](SteadyTime& until) {
        bool const over = until != SteadyTime{} && (all || now >= until);
        until = over ? SteadyTime{} : until;
        return over;
    };
    if (is_over(disk_mended_at_)) {
        machine_.fail_writes(std::nullopt);
    }
    if (is_over(syncs_mended_at_)) {
        machine_.fail_syncs(std::nullopt);
    }
    if (is_over(store_back_at_)) {
        machine_.rows.fail_with(MemoryStore::Fault::none);
    }
    if (is_over(store_quick_at_)) {
        machine_.slow_down_store(Millis(5), Millis(5));
    }
    if (is_over(bus_back_at_)) {
        machine_.bus.set_away(false);
    }
    if (is_over(bus_quick_at_)) {
        machine_.slow_down_bus(Millis(1), Millis(1));
    }
    if (is_over(fine_weather_at_)) {
        machine_.set_weather(Weather::fine);
    }
}

/// Everything works again, the hub catches up and is stopped: all that it told adds up.
void World::end_well() {
    machine_.effects.die_before(0);
    mend(true);
    machine_.heal();
    machine_.live.calm();
    machine_.slow_down_store(Millis(5), Millis(5));
    machine_.slow_down_bus(Millis(1), Millis(1));
    run_for(kCalm - 1min);
    look();
    if (!sound()) {
        return;
    }
    expect(machine_.picture.condition().store.working, "a store that works is fed");
    expect(machine_.picture.condition().bus.working, "a bus that works is fed");
    registry_.hub_gone(true);
    machine_.stop_hub();
    after_step();
    registry_.end();
    history_.end(machine_.last_seq());
    history_.compare(*machine_.rows.history());
    check_checkpoint();
}

bool World::sound() const {
    return complaints_.empty() && machine_.complaints.empty() &&
           machine_.picture.complaints().empty() && machine_.live.complaints().empty() &&
           machine_.bus.complaints().empty() && registry_.complaints().empty() &&
           history_.complaints().empty();
}

std::vector<std::string> World::complaints() const {
    std::vector<std::string> all;
    for (auto const* const some :
         {&complaints_, &machine_.complaints, &machine_.picture.complaints(),
          &machine_.live.complaints(), &machine_.bus.complaints(), &registry_.complaints(),
          &history_.complaints()}) {
        all.insert(all.end(), some->begin(), some->end());
    }
    return all;
}

World::Figures World::figures() const {
    return {machine_.checks, steps_, machine_.lives, machine_.trace.count()};
}

void World::expect(bool holds, std::string promise) {
    if (!holds && complaints_.size() < 40) {
        complaints_.push_back(std::move(promise));
    }
}

std::string report(World const& world, World::Options const& options) {
    std::string text = "seed " + std::to_string(options.seed) + " breaks a promise:\n";
    for (auto const& complaint : world.complaints()) {
        text += "  " + complaint + "\n";
    }
    auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(options.length).count();
    text += "the end of its trace, shortened:\n" + shortened(world.trace(), kShown) +
            "again: ./dev simulate --seeds 1 --seed " + std::to_string(options.seed) +
            " --minutes " + std::to_string(minutes) +
            (options.shards ? " --shards " + std::to_string(*options.shards) : "") + "\n";
    return text;
}

}  // namespace muster::simulation
