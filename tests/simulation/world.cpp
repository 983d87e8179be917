#include "world.hpp"

#include <algorithm>
#include <utility>

#include <muster/codec/record_json.hpp>
#include <muster/recording/checkpoint.hpp>
#include <muster/recording/recorder.hpp>

namespace muster::simulation {
namespace {

constexpr auto kCalm = 6min;          // at the end, when everything works
constexpr std::uint64_t kNear = 200;  // records behind a jump whose probes may have begun before it
constexpr std::size_t kShown = 60;    // lines of a trace
constexpr std::size_t kBatch = 256U << 10U;  // bytes of records that come within a moment
constexpr std::size_t kMarks = 512;          // JournalLag joins them beyond

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

bool is_tight(SimulatedMachine::Options const& options) {
    return options.limits.per_host < 8;
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
    return result;
}

World::World(Options options)
    : options_(options),
      random_(options.seed ^ 0x303dULL),
      machine_(options_of(options)),
      registry_(machine_, random_.fork()),
      history_(surroundings()) {}

/// What the hub cannot be asked, since it is the one that is checked.
Surroundings World::surroundings() {
    Surroundings result;
    result.start = machine_.loop.now().wall;
    result.maintained = [this](ServiceSpec const& service, WallTime at) -> std::optional<bool> {
        for (auto const& jump : jumps_) {
            // Timers run late then, and windows are looked at every 30 s in case the clock was set.
            if (at >= jump.to - 2s && at <= jump.to + 35s) {
                return std::nullopt;
            }
        }
        auto const& windows = machine_.windows();
        return std::any_of(windows.begin(), windows.end(), [&](MaintenanceSpec const& window) {
            return window.match.projects.front() == service.project && at >= *window.from &&
                   at < *window.until;
        });
    };
    result.clock_set_by = [this](Position position) {
        std::vector<Millis> offsets{Millis(0)};
        for (auto const& jump : jumps_) {
            if (position <= jump.position) {
                break;
            }
            if (!is_near(jump, position)) {
                offsets.clear();
            }
            offsets.push_back(jump.clock_set_by);
        }
        return offsets;
    };
    result.clock_was_set_back = [this] { return set_back_; };
    result.held_up = [this](Position position, CheckResult const& check) {
        return std::any_of(jumps_.begin(), jumps_.end(), [&](Jump const& jump) {
            bool const back = jump.to < jump.from;
            return is_near(jump, position) &&
                   (back ? check.accepted_at < check.started_at
                         : check.started_at <= jump.from && check.accepted_at >= jump.to);
        });
    };
    result.out_of_rhythm = [this](Position position, CheckResult const& check) {
        bool const was_asked = registry_.asked_for(check.service, check.started_at);
        bool const late = std::any_of(jumps_.begin(), jumps_.end(), [&](Jump const& jump) {
            return jump.stood_still && is_near(jump, position) && check.started_at >= jump.to &&
                   check.started_at <= jump.to + 5s;
        });
        return was_asked || late || is_tight(machine_.options());
    };
    return result;
}

/// Probes that were under way then may tell of it.
bool World::is_near(Jump const& jump, Position position) {
    return position.epoch == jump.position.epoch && position.seq > jump.position.seq &&
           position.seq <= jump.position.seq + kNear;
}

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

/// A place that is free is taken at once by who waits for one.
void World::look_at_held_back() {
    auto const now = machine_.loop.now().steady;
    bool const in_vain = !stopping_ && machine_.hub() != nullptr && !machine_.any_cap_is_full() &&
                         machine_.hub()->figures().held_back > 0;
    if (!in_vain) {
        held_back_since_.reset();
        return;
    }
    auto const since = std::max(held_back_since_.value_or(now), stood_still_until_);
    held_back_since_ = since;
    expect(now - since <= 10ms, "nobody is held back while there is room under the caps");
}

void World::act() {
    switch (random_.between(0, 9)) {
        case 0:
        case 1:
        case 2:
            act_on_registry();
            break;
        case 3:
        case 4:
            machine_.live.act();
            break;
        case 5:
            act_on_disk();
            break;
        case 6:
            act_on_services();
            break;
        case 7:
            random_.one_in(2) ? act_on_time() : act_on_network();
            break;
        case 8:
            arm_death();
            break;
        default:
            stop_and_start();
    }
    mend(false);
}

/// Half of what people do comes while a check of who it is about is under way.
void World::act_on_registry() {
    if (auto const service = registry_.choose(); service && random_.one_in(2)) {
        run_until_probed(service->spec, 30s);
    }
    if (sound()) {
        registry_.act();
    }
}

void World::act_on_disk() {
    auto const now = machine_.loop.now().steady;
    auto const until = now + std::chrono::seconds(random_.between(1, 400));
    if (random_.one_in(2)) {
        say("the disk is full");
        machine_.fail_writes(Error{Errc::full, "no space left on device"});
        machine_.picture.disk_takes_nothing(true);
        disk_mended_at_ = until;
    } else {
        say("fsync fails");
        machine_.fail_syncs(Error{Errc::unavailable, "input/output error"});
        syncs_mended_at_ = until;
    }
}

void World::act_on_services() {
    auto const now = machine_.loop.now().steady;
    auto const until = now + std::chrono::seconds(random_.between(1, 900));
    switch (random_.between(0, 3)) {
        case 0:
            say("the store is away");
            machine_.rows.fail_with(random_.one_in(2) ? MemoryStore::Fault::unavailable
                                                      : MemoryStore::Fault::full);
            store_back_at_ = until;
            break;
        case 1:
            say("the store hangs");
            machine_.slow_down_store(std::chrono::seconds(random_.between(1, 40)),
                                     Millis(random_.between(1, 20'000)));
            store_quick_at_ = until;
            break;
        case 2:
            say("the store commits without saying so");
            machine_.rows.fail_once(random_.one_in(2) ? MemoryStore::Fault::in_doubt_applied
                                                      : MemoryStore::Fault::in_doubt_lost);
            break;
        default:
            say("the bus is away");
            machine_.bus.set_away(true);
            bus_back_at_ = until;
    }
}

/// Not while a start-up grace may run: the reference knows it by the wall clock only.
void World::act_on_time() {
    auto const now = machine_.loop.now();
    auto const still = Millis(random_.between(2'200, 600'000));
    if (random_.one_in(2)) {
        say("the hub stands still for " + std::to_string(still.count()) + " ms");
        machine_.stop_for(still);
        stood_still_until_ = machine_.loop.now().steady;
        note_jump(now.wall, true);
        return;
    }
    if (now.steady - life_began_ < 4min) {
        return;
    }
    auto const step = Millis(random_.between(60'000, 5'000'000)) * (random_.one_in(4) ? -1 : 1);
    say("the clock is set by " + std::to_string(step.count()) + " ms");
    machine_.loop.step_wall_clock(step);
    set_back_ = set_back_ || step < Millis(0);
    note_jump(now.wall, false);
}

void World::note_jump(WallTime from, bool stood_still) {
    auto const figures = machine_.hub()->figures();
    jumps_.push_back({{figures.epoch, figures.last_seq},
                      from,
                      machine_.loop.now().wall,
                      machine_.loop.wall_offset(),
                      stood_still});
}

void World::act_on_network() {
    auto const weather = static_cast<Weather>(random_.between(1, 4));
    say("weather " + std::to_string(static_cast<int>(weather)));
    machine_.set_weather(weather);
    fine_weather_at_ = machine_.loop.now().steady + std::chrono::seconds(random_.between(1, 300));
}

/// The process dies before one of the effects that come, whichever that is.
void World::arm_death() {
    machine_.effects.die_before(static_cast<std::uint64_t>(random_.between(1, 120)));
    loses_power_ = random_.one_in(2);
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
    if (is_over(fine_weather_at_)) {
        machine_.set_weather(Weather::fine);
    }
}

/// What is dearer to look at than after each step.
void World::look() {
    if (!sound() || machine_.hub() == nullptr) {
        return;
    }
    auto const now = machine_.loop.now();
    machine_.picture.compare(*machine_.hub(), now.wall);
    machine_.live.compare();
    registry_.look();
    std::size_t services = 0;
    machine_.hub()->each([&](Service const& service, Tracker const& tracker) {
        ++services;
        auto const figures = tracker.availability.over_last_day(now.wall);
        expect(figures.uptime_percent >= 0 && figures.uptime_percent <= 100 &&
                   figures.coverage_percent >= 0 && figures.coverage_percent <= 100,
               "percentages are from 0 to 100");
        look_at_waiting(service, now);
    });
    look_at_queues();
    auto const few = 200 + 8 * services;
    expect(machine_.loop.waiting() <= few,
           "timers and jobs do not pile up: " + std::to_string(machine_.loop.waiting()));
}

/// What waits in memory waits for a reason, and within its bound.
void World::look_at_queues() {
    auto const waiting = machine_.hub()->waiting();
    auto const most = Recorder::Options{}.buffer_limit;
    bool const disk_works = disk_mended_at_ == SteadyTime{} && syncs_mended_at_ == SteadyTime{};
    // A moment's records wait for their batch, and for the first attempt behind a full disk.
    expect(waiting.unwritten_bytes <= (disk_works ? kBatch : most + most / 4),
           "what is written waits no longer: " + std::to_string(waiting.unwritten_bytes));
    expect(waiting.journal_marks <= kMarks, "what is known of waiting records stays small: " +
                                                std::to_string(waiting.journal_marks));
    expect(waiting.questions == registry_.waiting(), "who was answered is let go");
    expect(waiting.collections <= machine_.options().collections,
           "no more figures are collected at once than may be");
}

/// Where no cap holds it back a check starts when it is due; else it has its turn in the end.
void World::look_at_waiting(Service const& service, Instant now) {
    auto& seen = first_seen_[service.id];
    if (seen.updated_at != service.updated_at) {
        seen = {service.updated_at, now.steady};
    }
    auto const probed = machine_.last_probe(target_of(service.spec.probe));
    auto const since =
        std::max({probed.value_or(SteadyTime{}), life_began_, stood_still_until_, seen.at});
    // A first check is followed by a regular one half an interval later at the soonest.
    auto const rhythm = 3 * service.spec.policy.interval / 2 + service.spec.policy.timeout;
    auto const name = service.spec.project + "/" + service.spec.name;
    expect(now.steady - since <= rhythm + 2min, "everybody is checked in time: " + name);
    auto const room = machine_.room_since(service.spec.probe);
    expect(!room || now.steady - std::max(since, *room) <= rhythm + 1s,
           "who is due and has room is checked at once: " + name);
}

/// Everything works again, the hub catches up and is stopped: all that it told adds up.
void World::end_well() {
    machine_.effects.die_before(0);
    mend(true);
    machine_.heal();
    machine_.live.calm();
    machine_.slow_down_store(Millis(5), Millis(5));
    run_for(kCalm - 1min);
    look();
    if (!sound()) {
        return;
    }
    expect(machine_.picture.condition().store.working, "a store that works is fed");
    registry_.hub_gone(true);
    machine_.stop_hub();
    after_step();
    registry_.end();
    history_.end(machine_.last_seq());
    history_.compare(*machine_.rows.history());
    check_checkpoint();
}

/// The last checkpoint stands behind the last record: its trackers are what the records made.
void World::check_checkpoint() {
    auto const bytes = MemoryCheckpointStore(machine_.disk).load();
    if (!bytes || !*bytes) {
        expect(false, "a hub that was stopped leaves a checkpoint");
        return;
    }
    auto const checkpoint = decode_checkpoint(**bytes);
    expect(checkpoint && checkpoint->as_of.seq == machine_.last_seq(),
           "the last checkpoint stands behind the last record");
    if (checkpoint) {
        for (auto const& tracked : checkpoint->services) {
            history_.compare(tracked.service.id, tracked.tracker.availability);
        }
    }
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
            " --minutes " + std::to_string(minutes) + "\n";
    return text;
}

}  // namespace muster::simulation
