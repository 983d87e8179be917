#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <muster/ports/broadcaster.hpp>
#include <muster/ports/checkpoint_store.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/store.hpp>

#include "effects.hpp"

namespace muster::simulation {

// The ports of a hub whose effects are told, and end with its life.

class WatchedJournal final : public Journal {
public:
    WatchedJournal(Journal& journal, Effects& effects) : journal_(journal), effects_(effects) {}

    [[nodiscard]] JournalState state() const override { return journal_.state(); }
    [[nodiscard]] Result<void> write(ByteView frames, Position last, WallTime now) override;
    [[nodiscard]] SyncJob sync_job() override;
    [[nodiscard]] Result<void> synced(Result<void> result) override;
    [[nodiscard]] Result<void> trim(std::uint64_t seq, WallTime now) override;
    void may_go(std::uint64_t seq) override { journal_.may_go(seq); }
    [[nodiscard]] ShrinkJob shrink_job() override { return journal_.shrink_job(); }
    void shrunk(Result<void> result) override { journal_.shrunk(std::move(result)); }
    [[nodiscard]] std::unique_ptr<JournalReader> reader() const override {
        return journal_.reader();
    }

private:
    Journal& journal_;
    Effects& effects_;
};

class WatchedCheckpoints final : public CheckpointStore {
public:
    WatchedCheckpoints(CheckpointStore& checkpoints, Effects& effects)
        : checkpoints_(checkpoints), effects_(effects) {}

    [[nodiscard]] Result<std::optional<Bytes>> load() override { return checkpoints_.load(); }
    [[nodiscard]] Result<void> save(ByteView checkpoint) override;

private:
    CheckpointStore& checkpoints_;
    Effects& effects_;
};

class WatchedStore final : public ResultStore {
public:
    WatchedStore(ResultStore& store, Effects& effects, std::vector<std::string>& complaints)
        : store_(store), effects_(effects), complaints_(complaints) {}

    [[nodiscard]] Result<Cursor> cursor(std::string const& hub_id) override {
        return store_.cursor(hub_id);
    }
    [[nodiscard]] Result<void> append(StoreBatch const& batch) override;
    void keep_since(KeptSince const& kept) override { store_.keep_since(kept); }
    [[nodiscard]] std::uint64_t too_old() const override { return store_.too_old(); }
    [[nodiscard]] Result<void> bury(StoreBatch const& batch, std::string const& reason) override;
    [[nodiscard]] Result<RollupState> rollup_state(std::string const& hub_id) override {
        return store_.rollup_state(hub_id);
    }
    [[nodiscard]] Result<void> roll_up(RollupBatch const& batch) override;
    [[nodiscard]] Result<void> note_alive(std::string const& hub_id, WallTime at) override;
    [[nodiscard]] Result<bool> forget(Retention const& retention) override;

private:
    [[nodiscard]] Result<void> told(std::string const& what, Result<void> result);
    void expect_at_most(std::size_t most, std::size_t records);

    ResultStore& store_;
    Effects& effects_;
    std::vector<std::string>& complaints_;
};

/// What runs against each host, and whether that is within the caps.
class ProbeCounts {
public:
    struct Caps {
        std::size_t in_flight;
        std::size_t per_host;
    };
    /// Whether something is wanted of a target now, or was when an order that is on its way left.
    using Wanted = std::function<bool(std::string const& target, SteadyTime now)>;

    /// `wanted`: nothing is run that is not.
    ProbeCounts(Caps caps, std::vector<std::string>& complaints, Wanted wanted = nullptr)
        : caps_(caps), complaints_(complaints), wanted_(std::move(wanted)) {}

    void started(std::string const& host, std::string const& target, SteadyTime now);
    void ended(std::string const& host, std::string const& target, SteadyTime now);

    [[nodiscard]] std::uint64_t starts() const noexcept { return starts_; }
    [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
    [[nodiscard]] std::size_t most_in_flight() const noexcept { return most_in_flight_; }
    /// Nothing: it was not probed in this life.
    [[nodiscard]] std::optional<SteadyTime> last_start(std::string const& target) const;
    [[nodiscard]] bool under_way(std::string const& target) const {
        return targets_.contains(target);
    }
    /// When the last run against a target ended; nothing: none did.
    [[nodiscard]] std::optional<SteadyTime> last_end(std::string const& target) const;

    /// Whether there is a cap that holds anybody back now.
    [[nodiscard]] bool any_cap_is_full() const noexcept {
        return in_flight_ >= caps_.in_flight || full_hosts_ > 0;
    }
    /// Since when nothing has held back a probe at this host; nothing: a cap is full now.
    [[nodiscard]] std::optional<SteadyTime> room_since(std::string const& host) const;

private:
    void expect_wanted(std::string const& target, SteadyTime now);

    struct Load {
        std::size_t in_flight{0};
        SteadyTime room_since{};
    };

    Caps const caps_;
    std::vector<std::string>& complaints_;
    Wanted const wanted_;
    std::map<std::string, Load> by_host_;  ///< Of hosts that have a cap.
    std::multiset<std::string> targets_;   ///< Of probes under way.
    std::uint64_t starts_{0};
    std::size_t in_flight_{0};
    std::size_t full_hosts_{0};
    SteadyTime room_since_{};
    std::size_t most_in_flight_{0};
    std::map<std::string, SteadyTime> last_starts_;
    std::map<std::string, SteadyTime> last_ends_;
};

class WatchedProber final : public Prober {
public:
    /// `who` stands before what is told of it.
    WatchedProber(Prober& prober, Clock const& clock, Effects& effects, ProbeCounts& counts,
                  std::string who = {})
        : prober_(prober),
          clock_(clock),
          effects_(effects),
          counts_(counts),
          who_(std::move(who)) {}

    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

private:
    Prober& prober_;
    Clock const& clock_;
    Effects& effects_;
    ProbeCounts& counts_;
    std::string const who_;
};

/// Shows what is published to several, in order.
class WatchedBroadcaster final : public Broadcaster {
public:
    WatchedBroadcaster(std::vector<Broadcaster*> to, Effects& effects)
        : to_(std::move(to)), effects_(effects) {}

    void publish(FleetDelta delta) override;
    void publish(HubCondition condition) override;
    void publish(HubFigures figures) override;

private:
    std::vector<Broadcaster*> const to_;
    Effects& effects_;
};

}  // namespace muster::simulation
