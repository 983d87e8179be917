#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/api/change_guard.hpp>
#include <muster/api/health_feed.hpp>
#include <muster/api/history_queries.hpp>
#include <muster/api/metrics_page.hpp>
#include <muster/api/probe_desk.hpp>
#include <muster/api/project_pages.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/read_routes.hpp>
#include <muster/api/router.hpp>
#include <muster/api/status_feed.hpp>
#include <muster/api/stream_feed.hpp>
#include <muster/api/uptime.hpp>
#include <muster/config/api_entries.hpp>
#include <muster/dns/dns_resolver.hpp>
#include <muster/edge/edge_commands.hpp>
#include <muster/edge/edge_server.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_page_source.hpp>
#include <muster/http/net_inspector.hpp>
#include <muster/monitoring/loop_lag.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/store.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/thread_lane.hpp>

namespace muster {

/// Everything that lives on the edge's loop: what REST and WebSocket clients are answered from.
/// Made before the loop has work, destroyed on the loop.
class EdgeSide {
public:
    struct Options {
        std::vector<HostPort> listen;
        std::vector<std::string> cors_origins;
        std::vector<std::string> hosts;  ///< Further names of ours.
        std::string token;               ///< Of changing calls; empty: none.
        bool token_for_reads{false};     ///< Reads need it too.
        config::ServiceDefaults defaults;
        std::string hub_id;
        bool probe_is_open{false};  ///< Everybody may have any address probed.
        std::size_t max_connections{EdgeOptions{}.max_connections};  ///< Of clients.
    };

    /// What the edge reads beside its model: a reader per read lane, and one of the journal.
    struct Readers {
        std::vector<std::unique_ptr<HistoryReader>> history;
        std::size_t at_once{0};  ///< So many of them are asked something at once: they connect.
        std::unique_ptr<JournalReader> journal;
    };

    /// `loop`, `hub_loop`, `clock` and `log` must outlive it.
    EdgeSide(Loop& loop, Loop& hub_loop, Clock const& clock, Log& log, Readers readers,
             Options const& options);

    [[nodiscard]] EdgeServer& server() noexcept { return server_; }
    [[nodiscard]] ReadModel& model() noexcept { return model_; }
    [[nodiscard]] StatusFeed& status_feed() noexcept { return status_feed_; }
    [[nodiscard]] HealthFeed& health_feed() noexcept { return health_feed_; }
    [[nodiscard]] EdgeCommands& commands() noexcept { return commands_; }

    /// Has readers connect that shall be connected from the start. On its loop.
    void connect_readers();

    /// Whether the history is being read for somebody. On its loop.
    [[nodiscard]] bool reading() const;

    /// Takes over other settings from the next request on; where it listens stays. On its loop.
    void apply(Options const& options);

private:
    void guard_reads(Options const& options);
    [[nodiscard]] ProjectSpec project_named(std::string_view name) const;
    [[nodiscard]] std::vector<HistoryQueries::ReadLane> read_lanes();
    [[nodiscard]] static std::vector<std::unique_ptr<ThreadLane>> make_lanes(Loop& loop,
                                                                             std::size_t count);

    void append_figures(FigureSheet& sheet) const;
    void append_live_figures(FigureSheet& sheet) const;

    Readers readers_;
    std::vector<std::unique_ptr<ThreadLane>> lanes_;
    ThreadLane feed_lane_;
    ThreadLane encode_lane_;
    ThreadLane page_lane_;
    HistoryQueries history_;
    UptimeBook uptime_;
    DnsResolver resolver_;
    HttpClient http_client_;
    HttpPageSource page_source_;
    NetInspector inspector_;
    ProjectPages project_pages_;
    ReadModel model_;
    StatusFeed status_feed_;
    HealthFeed health_feed_;
    StreamFeed stream_feed_;
    EdgeCommands commands_;
    config::ApiEntries entries_;
    ChangeGuard guard_;
    ReadSession::Sign const sign_sessions_;
    ProbeDesk probe_desk_;
    MetricsPage metrics_page_;
    Router router_;
    EdgeServer server_;                // it calls the routes
    std::optional<LoopLag> loop_lag_;  ///< Set on the loop.
};

}  // namespace muster
