#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/api/router.hpp>
#include <muster/api/uptime.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/overlay.hpp>

namespace muster {

// Pages that are written here and need no script. All text from outside goes through append_html.

/// Text as HTML and XML show it, also within an attribute's quotes.
void append_html(std::string& out, std::string_view text);

/// `99.95 %`, at most two decimals, cut and never rounded up: 100 only where it is 100.
[[nodiscard]] std::string percent_text(double percent);

/// `3 d 4 h`, `2 h 5 min`, `40 s`: the two largest units.
[[nodiscard]] std::string length_text(Millis length);

/// `2026-11-22 05:55 UTC`
[[nodiscard]] std::string minute_text(WallTime time);

/// A status with a mark that is not told by its colour alone.
void append_status_mark(std::string& out, HealthStatus status, std::string_view word);

/// `flapping`, `maintenance`, …: small labels.
void append_overlay_labels(std::string& out, Overlays overlays);

/// A bar for each of the last `count` days up to `today` (the day's beginning), oldest first, as an
/// SVG with a title a day. Days that are missing in `days` are shown as not observed.
void append_uptime_bars(std::string& out, std::vector<UptimeDay> const& days, WallTime today,
                        std::size_t count);

/// A whole page around `main` (HTML), with the style of add_page_style(). Runs nothing.
/// `refresh_seconds`: how often a browser asks again; 0: never.
[[nodiscard]] Response html_page(std::string_view title, std::string_view main,
                                 unsigned refresh_seconds);

/// GET /status.css
void add_page_style(Router& router);

}  // namespace muster
