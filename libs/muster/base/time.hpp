#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

using namespace std::chrono_literals;

/// Intervals, deadlines, lateness. Never stored, never shown.
using SteadyTime = std::chrono::steady_clock::time_point;
/// Stamps that are stored and shown: UTC with milliseconds. Never used to measure or to order.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using Millis = std::chrono::milliseconds;
using Micros = std::chrono::microseconds;

/// One moment read from both clocks at once.
struct Instant {
    SteadyTime steady{};
    WallTime wall{};
};

/// `2026-11-22T05:55:00.123Z`: RFC 3339 section 5.6, always UTC, always three decimals.
/// Years 0000-9999; outside of that range the nearest bound is written.
[[nodiscard]] std::string to_rfc3339(WallTime time);

/// Reads RFC 3339 with `Z` or a numeric offset and any number of decimals (cut to milliseconds).
/// A leap second (`:60`) is read as the last millisecond of its minute. Errors: Errc::invalid.
[[nodiscard]] Result<WallTime> parse_rfc3339(std::string_view text);

/// A length of time as a person writes it: `250ms`, `5s`, `2m`, `1h`, `7d`; a bare number means
/// seconds, decimals are allowed (`1.5s`). Not negative, at most 100,000 days.
/// Errors: Errc::invalid with a message that says what would be right.
[[nodiscard]] Result<Millis> parse_duration(std::string_view text);

/// The shortest exact spelling in one unit: 1500 ms is `1500ms`, 60 s is `1m`, 36 h is `36h`.
[[nodiscard]] std::string format_duration(Millis duration);

}  // namespace muster
