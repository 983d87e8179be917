#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/api/history_queries.hpp>
#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/api/uptime.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/rollup.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// What a badge says, and how good that is.
struct Badge {
    enum class Tone : std::uint8_t { good, warning, bad, neutral };

    std::string label;
    std::string message;
    Tone tone{Tone::neutral};
};

/// As an SVG of its own, with a title for those who cannot see it. Any text is escaped. Pure.
[[nodiscard]] std::string badge_svg(Badge const& badge);

/// `up`, `degraded`, … of a service, `healthy`, … of a project; in maintenance that is said
/// instead.
[[nodiscard]] Badge status_badge(std::string label, HealthStatus status, std::string_view word,
                                 Overlays overlays);
/// `99.95 %`: never rounded up to 100. Nothing seen: `no data`.
[[nodiscard]] Badge uptime_badge(std::string label, AvailabilityFigures const& figures);
/// The median response time: `45 ms`, `1.20 s`; without checks `no data`.
[[nodiscard]] Badge response_badge(std::string label, Rollup const& seen);

struct BadgeViews {
    ReadModel& model;
    UptimeBook& uptime;
    HistoryQueries& history;
    Clock const& clock;
};

/// GET /badge/{project}.svg and /badge/{project}/{service}.svg, ?metric=status|uptime|response
/// &range=24h; `.svg` may be left out, and `window` is another word for `range`. Who is not known
/// gets 404 with a badge that says so: it may stand in somebody's page.
void get_badge(Request const& request, BadgeViews const& views, Reply reply);

void add_badge_routes(Router& router, BadgeViews const& views);

}  // namespace muster
