// What happens to a hub in its world: people, disk, services, network, time and death.

#include <string>

#include "world.hpp"

namespace muster::simulation {

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
            if (machine_.options().shared && random_.one_in(2)) {
                say("the bus hangs");
                machine_.slow_down_bus(Millis(random_.between(1, 6'000)),
                                       Millis(random_.between(1, 6'000)));
                bus_quick_at_ = until;
                break;
            }
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

}  // namespace muster::simulation
