// What is looked at while a hub lives: each look is a promise of docs/simulation.md.

#include <algorithm>
#include <string>

#include <muster/recording/checkpoint.hpp>
#include <muster/recording/recorder.hpp>

#include "world.hpp"

namespace muster::simulation {
namespace {

constexpr std::size_t kBatch = 256U << 10U;  // bytes of records that come within a moment
constexpr std::size_t kMarks = 512;          // JournalLag joins them beyond

}  // namespace

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
    expect(machine_.most_shard_messages() <= machine_.options().limits.in_flight + 2 * services,
           "no more messages wait between loops than there are probes");
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

}  // namespace muster::simulation
