#include <hub/edge_side.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <dashboard/assets.hpp>
#include <hub/program_figures.hpp>
#include <muster/api/assets.hpp>
#include <muster/api/badge.hpp>
#include <muster/api/feed_routes.hpp>
#include <muster/api/html_text.hpp>
#include <muster/api/metrics_history.hpp>
#include <muster/api/openapi.hpp>
#include <muster/api/project_routes.hpp>
#include <muster/api/registry_routes.hpp>
#include <muster/api/report.hpp>
#include <muster/api/service_health_routes.hpp>
#include <muster/api/session_route.hpp>
#include <muster/api/status_page.hpp>
#include <muster/api/system_routes.hpp>
#include <muster/edge/edge_options.hpp>
#include <muster/edge/peer.hpp>
#include <muster/tls/hmac.hpp>

namespace muster {
namespace {

EdgeOptions edge_options(EdgeSide::Options const& options) {
    EdgeOptions result;
    result.listen = options.listen;
    result.max_connections = options.max_connections;
    result.max_per_address = options.max_connections * 3 / 4;
    return result;
}

ChangeGuard guard_of(EdgeSide::Options const& options) {
    return ChangeGuard({options.token, options.listen, options.hosts, options.cors_origins,
                        options.probe_is_open});
}

/// Sessions are signed by a key that is made of the token slowly: once for each token.
ReadSession::Sign signed_slowly() {
    struct Made {
        std::string token;
        std::string key;
    };
    return [made = std::make_shared<Made>()](std::string_view token, std::string_view text) {
        if (made->key.empty() || made->token != token) {
            *made = {std::string(token), stretched_key(token, "muster read session")};
        }
        return hmac_sha256(made->key, text);
    };
}

void add_dashboard(Router& router) {
    std::vector<Asset> assets;
    for (auto const& asset : dashboard::dashboard_assets()) {
        assets.push_back({asset.path, asset.content_type, asset.body, asset.etag});
    }
    add_assets(router, assets);
}

}  // namespace

EdgeSide::EdgeSide(Loop& loop, Loop& hub_loop, Clock const& clock, Log& log, Readers readers,
                   Options const& options)
    : readers_(std::move(readers)),
      lanes_(make_lanes(loop, readers_.history.size())),
      feed_lane_(loop, {"feed", 32}),
      encode_lane_(loop, {"encode", 64}),
      page_lane_(loop, {"pages", 32}),
      history_(read_lanes(), clock),
      uptime_(history_, clock),
      resolver_(loop, clock),
      http_client_(loop, clock, resolver_),
      page_source_(loop, http_client_),
      inspector_(loop, clock, resolver_),
      project_pages_(page_source_, clock),
      status_feed_(model_, loop, clock),
      health_feed_(model_, clock),
      stream_feed_(status_feed_, health_feed_),
      commands_(loop, hub_loop),
      entries_(
          options.defaults, [this](std::string_view name) { return project_named(name); },
          [this](std::string_view project, std::string_view name) {
              auto const* known = model_.registered(std::string(project) + "/" + std::string(name));
              bool const named = known != nullptr && known->spec.name == name;  // not an id of it
              return named ? &known->spec : nullptr;
          }),
      guard_(guard_of(options)),
      sign_sessions_(signed_slowly()),
      probe_desk_(inspector_, guard_, clock),
      metrics_page_(model_, clock, loop, [this](FigureSheet& sheet) { append_figures(sheet); }),
      router_(clock, Origins(options.cors_origins)),
      server_(loop, clock, log, router_, edge_options(options), &encode_lane_) {
    guard_reads(options);
    add_session_route(router_, guard_);
    add_read_routes(router_, ReadViews{model_, history_, clock, clock.now().steady});
    add_project_routes(router_, ProjectViews{model_, uptime_, project_pages_, page_lane_, clock});
    add_service_health_routes(router_, ServiceHealthViews{model_, history_, clock});
    add_metrics_history_route(router_, MetricsHistoryViews{model_, history_, clock});
    add_system_routes(
        router_, SystemViews{model_, clock, [this] { return server_.counters().live_clients; }});
    add_page_style(router_);
    add_status_page(router_, StatusPageViews{model_, uptime_, clock});
    add_badge_routes(router_, BadgeViews{model_, uptime_, history_, clock});
    add_report_route(router_, ReportViews{model_, history_, clock});
    add_feed_route(router_,
                   FeedViews{model_, feed_lane_, *readers_.journal, clock, options.hub_id});
    add_registry_routes(router_, RegistryDesk{model_, commands_, entries_, guard_, clock});
    add_metrics_route(router_, metrics_page_);
    add_probe_route(router_, probe_desk_);
    add_openapi(router_);
    router_.add_feed("/ws", status_feed_);
    router_.add_feed("/ws/status", status_feed_);
    router_.add_feed("/ws/health", health_feed_);
    add_stream_route(router_, stream_feed_);
    add_dashboard(router_);
    loop.post([this, &loop, &clock] { loop_lag_.emplace(clock, loop); });
}

/// Those that cannot will say so when they are needed.
void EdgeSide::connect_readers() {
    auto const count = std::min(readers_.at_once, readers_.history.size());
    for (std::size_t index = 0; index < count; ++index) {
        auto& reader = *readers_.history[index];
        (void)lanes_[index]->submit([&reader] { (void)reader.kept(); }, [] {});
    }
}

bool EdgeSide::reading() const {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](auto const& lane) { return lane->pending() > 0; });
}

void EdgeSide::apply(Options const& options) {
    guard_ = guard_of(options);
    guard_reads(options);
    router_.set_origins(Origins(options.cors_origins));
    entries_.set_defaults(options.defaults);
}

void EdgeSide::guard_reads(Options const& options) {
    router_.set_read_guard(options.token_for_reads
                               ? ReadGuard({options.token, sign_sessions_, options.cors_origins})
                               : ReadGuard());
}

ProjectSpec EdgeSide::project_named(std::string_view name) const {
    auto const* known = model_.project(name);
    auto const* project = known != nullptr ? model_.registered(known->view.id) : nullptr;
    if (project != nullptr && project->spec.name == name) {
        return project->spec;
    }
    ProjectSpec unknown;
    unknown.name = std::string(name);
    return unknown;
}

std::vector<std::unique_ptr<ThreadLane>> EdgeSide::make_lanes(Loop& loop, std::size_t count) {
    std::vector<std::unique_ptr<ThreadLane>> lanes;
    for (std::size_t number = 1; number <= count; ++number) {
        lanes.push_back(std::make_unique<ThreadLane>(
            loop, ThreadLane::Options{"read-" + std::to_string(number), 32}));
    }
    return lanes;
}

std::vector<HistoryQueries::ReadLane> EdgeSide::read_lanes() {
    std::vector<HistoryQueries::ReadLane> lanes;
    for (std::size_t index = 0; index < readers_.history.size(); ++index) {
        lanes.push_back({*lanes_[index], *readers_.history[index]});
    }
    return lanes;
}

void EdgeSide::append_figures(FigureSheet& sheet) const {
    auto const& counters = server_.counters();
    sheet.gauge("muster_http_connections", "Connections of clients, WebSockets included.",
                static_cast<double>(server_.connections()));
    sheet.counter("muster_http_connections_total", "Connections that clients opened.",
                  counters.connections);
    sheet.counter("muster_http_connections_refused_total",
                  "Connections answered 503 since there were too many.",
                  counters.refused_connections);
    sheet.counter("muster_http_address_refused_total",
                  "Connections answered 503 since their address had too many.",
                  counters.refused_addresses);
    sheet.counter("muster_http_requests_total", "Requests of clients.", counters.requests);
    sheet.counter("muster_http_bad_requests_total",
                  "Requests that were not readable, too large or too slow.", counters.bad_requests);
    sheet.counter("muster_http_answers_abandoned_total",
                  "Answers that a client did not take in time.", counters.slow_takers);
    sheet.counter("muster_http_answers_packed_total", "Answers sent in gzip.",
                  counters.encode.packed);
    sheet.counter("muster_http_answers_left_plain_total",
                  "Answers sent without the gzip that was asked for, since too many waited for it.",
                  counters.encode.left_plain);
    append_live_figures(sheet);
    sheet.counter("muster_commands_refused_total",
                  "Changing calls answered 503 since too many waited for the hub.",
                  commands_.refused());
    auto const& probes = probe_desk_.counters();
    sheet.gauge("muster_probe_requests_in_flight", "Probes that /probe has under way.",
                static_cast<double>(probes.under_way));
    sheet.counter("muster_probe_requests_total", "Probes that were asked for at /probe.",
                  probes.inspections);
    sheet.counter("muster_probe_requests_refused_total",
                  "Calls of /probe answered 503 since too many were under way.", probes.refused);
    for (std::size_t index = 0; index < lanes_.size(); ++index) {
        append_figures_of(sheet, "read-" + std::to_string(index + 1), *lanes_[index]);
    }
    append_figures_of(sheet, "feed", feed_lane_);
    append_figures_of(sheet, "encode", encode_lane_);
    append_figures_of(sheet, "pages", page_lane_);
    if (loop_lag_) {
        append_figures_of(sheet, "edge", *loop_lag_);
    }
}

void EdgeSide::append_live_figures(FigureSheet& sheet) const {
    auto const& counters = server_.counters();
    sheet.gauge("muster_websocket_clients", "Open WebSockets.",
                static_cast<double>(counters.live_clients));
    sheet.counter("muster_websocket_opened_total", "WebSockets that were opened.",
                  counters.live_opened);
    sheet.counter("muster_websocket_left_behind_total",
                  "WebSockets closed with 1013 since they did not take their frames.",
                  counters.live_left_behind);
    constexpr std::string_view kEnded = "muster_websocket_ended_total";
    constexpr std::string_view kEndedHelp = "WebSockets that the hub ended, by what they did.";
    sheet.counter(kEnded, kEndedHelp, counters.live_silent, {{"why", "silent"}});
    sheet.counter(kEnded, kEndedHelp, counters.live_broken, {{"why", "broken"}});
    sheet.counter(kEnded, kEndedHelp, counters.live_flooding, {{"why", "flooding"}});
    sheet.counter("muster_websocket_messages_delayed_total",
                  "Times that a client was not read for a while since it said too much.",
                  counters.messages_delayed);
    sheet.gauge("muster_stream_clients", "Open event streams.",
                static_cast<double>(counters.stream_clients));
    sheet.counter("muster_stream_opened_total", "Event streams that were opened.",
                  counters.streams_opened);
    sheet.counter("muster_stream_left_behind_total",
                  "Event streams ended since they did not take their frames.",
                  counters.streams_left_behind);
    sheet.counter("muster_live_refused_total",
                  "WebSockets and event streams answered 503 since there were too many.",
                  counters.live_refused);
    constexpr std::string_view kCoalesced = "muster_live_coalesced_total";
    constexpr std::string_view kCoalescedHelp =
        "Times that a slow client was to get the newest state instead of what lay before it.";
    sheet.counter(kCoalesced, kCoalescedHelp, status_feed_.coalesced(), {{"feed", "status"}});
    auto const& health = health_feed_.counters();
    sheet.counter(kCoalesced, kCoalescedHelp, health.coalesced, {{"feed", "health"}});
    sheet.counter("muster_live_changes_total", "Changes that the health feed has numbered.",
                  health.changes);
    constexpr std::string_view kResumed = "muster_live_resumed_total";
    constexpr std::string_view kResumedHelp =
        "Clients that told where they stood, by whether what they missed was still held.";
    sheet.counter(kResumed, kResumedHelp, health.resumed, {{"held", "yes"}});
    sheet.counter(kResumed, kResumedHelp, health.too_late, {{"held", "no"}});
}

}  // namespace muster
