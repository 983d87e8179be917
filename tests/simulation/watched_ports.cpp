#include "watched_ports.hpp"

#include <algorithm>
#include <utility>

#include <muster/recording/follow_plan.hpp>

namespace muster::simulation {
namespace {

tl::unexpected<Error> dead() {
    return failure(Errc::unavailable, "the process is dead");
}

std::string range(std::uint64_t after, std::uint64_t through) {
    return " " + std::to_string(after + 1) + ".." + std::to_string(through);
}

}  // namespace

Result<void> WatchedJournal::write(ByteView frames, Position last, WallTime now) {
    if (!effects_.happens("journal write" + range(journal_.state().last_seq, last.seq))) {
        return dead();
    }
    auto result = journal_.write(frames, last, now);
    if (!result) {
        effects_.trace().add("journal refused: " + result.error().message);
    }
    return result;
}

Journal::SyncJob WatchedJournal::sync_job() {
    return [job = journal_.sync_job(), through = journal_.state().last_seq,
            &effects = effects_]() mutable -> Result<void> {
        if (!effects.happens("journal sync up to " + std::to_string(through))) {
            return dead();
        }
        return job();
    };
}

Result<void> WatchedJournal::synced(Result<void> result) {
    if (effects_.dead()) {
        return dead();
    }
    if (!result) {
        effects_.trace().add("sync failed: " + result.error().message);
    }
    return journal_.synced(std::move(result));
}

Result<void> WatchedJournal::trim(std::uint64_t seq, WallTime now) {
    return effects_.happens("journal trim to " + std::to_string(seq)) ? journal_.trim(seq, now)
                                                                      : dead();
}

Result<void> WatchedCheckpoints::save(ByteView checkpoint) {
    return effects_.happens("checkpoint of " + std::to_string(checkpoint.size()) + " bytes")
               ? checkpoints_.save(checkpoint)
               : dead();
}

Result<void> WatchedStore::told(std::string const& what, Result<void> result) {
    if (!result) {
        effects_.trace().add(what + " failed: " + result.error().message);
    }
    return result;
}

/// What a follower has in its hands.
void WatchedStore::expect_at_most(std::size_t most, std::size_t records) {
    if (records > most) {
        complaints_.push_back("a batch has " + std::to_string(records) + " records, at most " +
                              std::to_string(most) + " are allowed");
    }
}

Result<void> WatchedStore::append(StoreBatch const& batch) {
    expect_at_most(FollowPlan::Limits{}.max_records, batch.records.size());
    return effects_.happens("store" + range(batch.expected.seq, batch.next.seq))
               ? told("store", store_.append(batch))
               : dead();
}

Result<void> WatchedStore::bury(StoreBatch const& batch, std::string const& reason) {
    return effects_.happens("store buries" + range(batch.expected.seq, batch.next.seq))
               ? store_.bury(batch, reason)
               : dead();
}

Result<void> WatchedStore::roll_up(RollupBatch const& batch) {
    return effects_.happens("rollup" + range(batch.expected.seq, batch.next.seq))
               ? told("rollup", store_.roll_up(batch))
               : dead();
}

Result<void> WatchedStore::note_alive(std::string const& hub_id, WallTime at) {
    return effects_.happens("store notes that the hub lives") ? store_.note_alive(hub_id, at)
                                                              : dead();
}

Result<bool> WatchedStore::forget(Retention const& retention) {
    if (!effects_.happens("store forgets")) {
        return dead();
    }
    return store_.forget(retention);
}

void ProbeCounts::started(std::string const& host, std::string const& target, SteadyTime now) {
    expect_wanted(target, now);
    last_starts_[target] = now;
    targets_.insert(target);
    ++starts_;
    ++in_flight_;
    most_in_flight_ = std::max(most_in_flight_, in_flight_);
    if (in_flight_ > caps_.in_flight) {
        complaints_.push_back(std::to_string(in_flight_) + " probes in flight, the cap is " +
                              std::to_string(caps_.in_flight));
    }
    if (host.empty()) {
        return;
    }
    auto const there = ++by_host_[host].in_flight;
    full_hosts_ += there == caps_.per_host ? 1 : 0;
    if (there > caps_.per_host) {
        complaints_.push_back(std::to_string(there) + " probes at " + host + ", the cap is " +
                              std::to_string(caps_.per_host));
    }
}

void ProbeCounts::ended(std::string const& host, std::string const& target, SteadyTime now) {
    expect_wanted(target, now);
    last_ends_[target] = now;
    targets_.erase(targets_.find(target));
    if (in_flight_-- == caps_.in_flight) {
        room_since_ = now;
    }
    if (host.empty()) {
        return;
    }
    auto& there = by_host_[host];
    if (there.in_flight-- == caps_.per_host) {
        --full_hosts_;
        there.room_since = now;
    }
}

std::optional<SteadyTime> ProbeCounts::room_since(std::string const& host) const {
    auto const found = by_host_.find(host);
    auto const there = found == by_host_.end() ? Load{} : found->second;
    if (in_flight_ >= caps_.in_flight || there.in_flight >= caps_.per_host) {
        return std::nullopt;
    }
    return std::max(room_since_, there.room_since);
}

void ProbeCounts::expect_wanted(std::string const& target, SteadyTime now) {
    if (wanted_ && !wanted_(target, now)) {
        complaints_.push_back("a shard probes what nobody wants of it any more: " + target);
    }
}

std::optional<SteadyTime> ProbeCounts::last_end(std::string const& target) const {
    auto const found = last_ends_.find(target);
    return found == last_ends_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SteadyTime> ProbeCounts::last_start(std::string const& target) const {
    auto const found = last_starts_.find(target);
    return found == last_starts_.end() ? std::nullopt : std::optional(found->second);
}

namespace {

class WatchedProbe final : public Probe, private ProbeObserver {
public:
    WatchedProbe(std::unique_ptr<Probe> probe, std::string const& who, std::string target,
                 std::string host, Clock const& clock, Effects& effects, ProbeCounts& counts)
        : who_(who),
          target_(std::move(target)),
          host_(std::move(host)),
          clock_(clock),
          effects_(effects),
          counts_(counts),
          probe_(std::move(probe)) {}
    ~WatchedProbe() override { WatchedProbe::cancel(); }
    WatchedProbe(WatchedProbe const&) = delete;
    WatchedProbe& operator=(WatchedProbe const&) = delete;

    void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) override {
        if (!effects_.happens(who_ + "probe " + target_)) {
            return;
        }
        counts_.started(host_, target_, clock_.now().steady);
        observer_ = &observer;
        probe_->start(run, *this, token);
    }

    void cancel() override {
        probe_->cancel();
        if (std::exchange(observer_, nullptr) != nullptr) {
            counts_.ended(host_, target_, clock_.now().steady);
        }
    }

private:
    void probed(std::uint64_t token, Outcome outcome) override {
        auto* const observer = std::exchange(observer_, nullptr);
        counts_.ended(host_, target_, clock_.now().steady);
        if (!effects_.dead()) {
            effects_.trace().add(who_ + "answer " + target_ + ": " +
                                 (outcome.error.empty() ? "passed" : outcome.error));
            observer->probed(token, std::move(outcome));  // may destroy this
        }
    }

    std::string const& who_;
    std::string const target_;
    std::string const host_;
    Clock const& clock_;
    Effects& effects_;
    ProbeCounts& counts_;
    ProbeObserver* observer_{nullptr};
    std::unique_ptr<Probe> probe_;  // last: it calls back
};

}  // namespace

Result<std::unique_ptr<Probe>> WatchedProber::prepare(ProbeSpec const& spec, bool reuse) {
    auto probe = prober_.prepare(spec, reuse);
    if (!probe) {
        return probe;
    }
    auto host = is_remote(spec) ? std::string(host_of(spec)) : std::string();
    return std::make_unique<WatchedProbe>(std::move(*probe), who_, target_of(spec), std::move(host),
                                          clock_, effects_, counts_);
}

void WatchedBroadcaster::publish(FleetDelta delta) {
    if (!effects_.happens("show " + std::to_string(delta.epoch) + ":" + std::to_string(delta.seq) +
                          (delta.reset ? " anew" : ""))) {
        return;
    }
    for (auto* const one : to_) {
        one->publish(FleetDelta(delta));
    }
}

void WatchedBroadcaster::publish(HubCondition condition) {
    if (!effects_.dead()) {
        for (auto* const one : to_) {
            one->publish(HubCondition(condition));
        }
    }
}

void WatchedBroadcaster::publish(HubFigures figures) {
    if (!effects_.dead()) {
        for (auto* const one : to_) {
            one->publish(HubFigures(figures));
        }
    }
}

}  // namespace muster::simulation
