#include <muster/api/html_text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <muster/api/etag.hpp>
#include <muster/base/hash.hpp>

namespace muster {
namespace {

constexpr std::string_view kStyle = R"css(:root {
  color-scheme: light dark;
  --text: #1f2328; --quiet: #59636e; --page: #ffffff; --card: #f6f8fa; --line: #d1d9e0;
  --up: #1a7f37; --degraded: #8a5a00; --down: #b3261e; --unknown: #6e7781; --none: #c8ced4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #f0f3f6; --quiet: #b0b8c1; --page: #0f1318; --card: #171c23; --line: #3a424c;
    --up: #4cc46a; --degraded: #e0a83c; --down: #ff7b72; --unknown: #9aa4af; --none: #3f4852;
  }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
.row { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; }
.service { border-top: 1px solid var(--line); padding: .5rem 0; margin-top: .5rem; }
.status { font-weight: 600; white-space: nowrap; }
.up { color: var(--up); } .degraded { color: var(--degraded); } .down { color: var(--down); } .unknown { color: var(--unknown); }
.label { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; font-size: .8rem; color: var(--quiet); }
.quiet, footer { color: var(--quiet); font-size: .9rem; }
svg.days { display: block; width: 100%; height: 1.75rem; margin-top: .25rem; }
svg.days .up { fill: var(--up); } svg.days .degraded { fill: var(--degraded); }
svg.days .down { fill: var(--down); } svg.days .none { fill: var(--none); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
a { color: inherit; }
@media print {
  :root { --text: #000; --quiet: #333; --page: #fff; --card: #fff; --line: #999; }
  section { break-inside: avoid; }
  tr { break-inside: avoid; }
}
)css";

constexpr std::string_view kPageHeaders =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cache-Control: no-cache\r\n";

/// A day on which a service was down for less than this part of what was seen is a bad day, not a
/// day that was lost.
constexpr double kLostBelow = 95;

std::string_view class_of(UptimeDay const& day) {
    if (day.observed == Millis(0)) {
        return "none";
    }
    if (day.down == Millis(0)) {
        return "up";
    }
    auto const uptime = 100.0 * static_cast<double>((day.observed - day.down).count()) /
                        static_cast<double>(day.observed.count());
    return uptime < kLostBelow ? "down" : "degraded";
}

std::string title_of(UptimeDay const& day) {
    auto const date = to_rfc3339(day.from).substr(0, 10);
    if (day.observed == Millis(0)) {
        return date + ": not observed";
    }
    auto const observed = static_cast<double>(day.observed.count());
    auto const uptime = 100.0 * static_cast<double>((day.observed - day.down).count()) / observed;
    auto const coverage =
        100.0 * observed / (observed + static_cast<double>(day.unobserved.count()));
    auto text = date + ": " + percent_text(uptime) + " up";
    if (day.down > Millis(0)) {
        text += ", down for " + length_text(day.down);
    }
    return coverage < 99.995 ? text + ", " + percent_text(coverage) + " observed" : text;
}

}  // namespace

void append_html(std::string& out, std::string_view text) {
    for (char const character : text) {
        switch (character) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += character;
        }
    }
}

std::string percent_text(double percent) {
    // A hair above, for what is 99.95 but for the last bit of its double.
    auto const hundredths = static_cast<std::int64_t>(std::floor(percent * 100 + 1e-6));
    auto text = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
    while (text.back() == '0') {
        text.pop_back();
    }
    if (text.back() == '.') {
        text.pop_back();
    }
    return text + " %";
}

std::string length_text(Millis length) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 4> kUnits{
        {{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}}};
    auto left = length.count() / 1'000;
    std::string text;
    int told = 0;
    for (auto const& [seconds, unit] : kUnits) {
        auto const count = left / seconds;
        left %= seconds;
        if (told > 0 && count == 0) {
            break;
        }
        if (count > 0 && told < 2) {
            text += (text.empty() ? "" : " ") + std::to_string(count) + " " + std::string(unit);
            ++told;
        }
    }
    return text.empty() ? "less than 1 s" : text;
}

std::string minute_text(WallTime time) {
    auto text = to_rfc3339(time).substr(0, 16);
    text[10] = ' ';
    return text + " UTC";
}

void append_status_mark(std::string& out, HealthStatus status, std::string_view word) {
    constexpr std::array<std::string_view, 4> kMarks{"?", "\u2713", "!", "\u2717"};
    auto const mark = kMarks[static_cast<std::size_t>(status)];
    fmt::format_to(std::back_inserter(out), R"(<span class="status {}">{} {}</span>)",
                   to_string(status), mark, word);
}

void append_overlay_labels(std::string& out, Overlays overlays) {
    for (auto const& [overlay, name] : enum_names(Overlay{})) {
        if (overlays.has(overlay)) {
            fmt::format_to(std::back_inserter(out), R"( <span class="label">{}</span>)", name);
        }
    }
}

void append_uptime_bars(std::string& out, std::vector<UptimeDay> const& days, WallTime today,
                        std::size_t count) {
    constexpr std::size_t kPitch = 5;
    constexpr std::size_t kWidth = 4;
    fmt::format_to(std::back_inserter(out),
                   R"(<svg class="days" viewBox="0 0 {} 28" preserveAspectRatio="none" role="img" )"
                   R"(aria-label="uptime of the last {} days">)",
                   count * kPitch, count);
    auto const first = today - std::chrono::days(static_cast<std::int64_t>(count) - 1);
    auto known = std::find_if(days.begin(), days.end(),
                              [first](UptimeDay const& day) { return day.from >= first; });
    for (std::size_t index = 0; index < count; ++index) {
        UptimeDay day;
        day.from = first + std::chrono::days(static_cast<std::int64_t>(index));
        if (known != days.end() && known->from == day.from) {
            day = *known++;
        }
        fmt::format_to(std::back_inserter(out),
                       R"(<rect class="{}" x="{}" width="{}" height="28"><title>{}</title></rect>)",
                       class_of(day), index * kPitch, kWidth, title_of(day));
    }
    out += "</svg>";
}

Response html_page(std::string_view title, std::string_view main, unsigned refresh_seconds) {
    Response response;
    response.content_type = "text/html; charset=utf-8";
    response.headers = kPageHeaders;
    auto& html = response.body.head;
    html =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\">";
    if (refresh_seconds > 0) {
        fmt::format_to(std::back_inserter(html), R"(<meta http-equiv="refresh" content="{}">)",
                       refresh_seconds);
    }
    html += "<title>";
    append_html(html, title);
    html += "</title><link rel=\"stylesheet\" href=\"/status.css\"></head><body><main>";
    html += main;
    html += "</main></body></html>\n";
    return response;
}

void add_page_style(Router& router) {
    auto const etag = fmt::format("\"{:x}\"", stable_hash(kStyle));
    auto const style = std::make_shared<std::string const>(kStyle);
    router.add(Method::get, "/status.css", [etag, style](Request const& request) {
        return tagged(request, etag, [&style] {
            Response response;
            response.content_type = "text/css; charset=utf-8";
            response.headers = "Cache-Control: no-cache\r\n";
            response.body.shared = style;
            response.lasting = true;
            return response;
        });
    });
}

}  // namespace muster
