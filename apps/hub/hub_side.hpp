#pragma once

#include <functional>
#include <optional>
#include <string>

#include <hub/config_reload.hpp>
#include <hub/local_commands.hpp>
#include <hub/program_figures.hpp>
#include <muster/http/http_metrics_source.hpp>
#include <muster/hub/hub.hpp>
#include <muster/monitoring/loop_lag.hpp>
#include <muster/prober_set/built_in_probers.hpp>
#include <muster/prober_set/built_in_shards.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/thread_lane.hpp>
#include <muster/sharding/sharded_prober.hpp>
#include <muster/time_zone/system_zone_rules.hpp>

namespace muster {

/// Everything that lives on the hub's loop: probers, lanes, and the hub over them; and the shards
/// that probe for it, where it does not do so itself. Destroyed on that loop's thread.
class HubSide {
public:
    /// What outlives it.
    struct Outside {
        Loop& loop;
        Clock const& clock;
        Log& log;
        Journal& journal;
        CheckpointStore& checkpoints;
        ResultStore& store;
        EventBus& bus;
        Broadcaster& broadcaster;
        /// Called on a shard's thread if something on its loop throws; see BuiltInShards.
        std::function<void(std::string const&)> failed;
    };

    /// How the configuration is read again.
    struct Reloading {
        config::Configuration running;
        ConfigReload::Load load;
        ConfigReload::Applied applied;
    };

    HubSide(HubOptions options, Outside const& outside, Reloading reloading);

    [[nodiscard]] Hub& hub() noexcept { return hub_; }
    [[nodiscard]] HubCommands& commands() noexcept { return commands_; }

    /// Calls back once all shards answer, which can then be ended; at once where there are none.
    void reach_shards(UniqueFunction<void()> reached);

private:
    void append_figures(FigureSheet& sheet) const;
    [[nodiscard]] Prober& share_out(std::size_t shards, Outside const& outside);

    Clock const& clock_;
    double const started_at_;  ///< Seconds of Unix time.
    ThreadLane sync_lane_;
    ThreadLane checkpoint_lane_;
    ThreadLane store_lane_;
    ThreadLane bus_lane_;
    ThreadLane config_lane_;
    BuiltInProbers probers_;  ///< Where there are shards, for figures of projects alone.
    std::optional<BuiltInShards> shards_;
    std::optional<ShardedProber> sharded_;
    HttpMetricsSource metrics_;
    SystemZoneRules zones_;
    Hub hub_;  // it uses all of the above
    ConfigReload config_;
    LocalCommands commands_;
    LoopLag loop_lag_;
    FigurePublisher figure_publisher_;  // last: it asks all of them
};

}  // namespace muster
