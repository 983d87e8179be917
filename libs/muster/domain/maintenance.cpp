#include <muster/domain/maintenance.hpp>

#include <algorithm>

namespace muster {
namespace {

constexpr std::uint16_t kMinutesOfADay = 24 * 60;

bool names(std::vector<std::string> const& names, std::string const& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool any_fits(std::vector<std::string> const& asked, std::string const& name) {
    return asked.empty() || names(asked, name);
}

bool is_named(std::vector<std::string> const& asked, ServiceSpec const& service) {
    return any_fits(asked, service.name) || names(asked, service.project + "/" + service.name);
}

bool shares_tag(std::vector<std::string> const& asked, std::vector<std::string> const& tags) {
    return asked.empty() || std::any_of(tags.begin(), tags.end(), [&asked](std::string const& tag) {
               return names(asked, tag);
           });
}

struct Span {
    WallTime begin{};
    WallTime end{};
};

/// The window of the week in which `day` lies, if `day` is its day.
std::optional<Span> occurrence(WeeklyWindow const& weekly, ZoneOffsets const& zone,
                               std::chrono::sys_days day) {
    if (std::chrono::weekday(day).c_encoding() != static_cast<unsigned>(weekly.day)) {
        return std::nullopt;
    }
    Millis const midnight = day.time_since_epoch();
    bool const over_midnight = weekly.to_minute <= weekly.from_minute;
    auto const begin = midnight + std::chrono::minutes(weekly.from_minute);
    auto const end = midnight + std::chrono::minutes(weekly.to_minute) + (over_midnight ? 24h : 0h);
    return Span{zone.moments_of(begin).first, zone.moments_of(end).last};
}

/// Takes a span into account in which a window is open; empty ones do not exist.
void add(WindowState& state, Span span, WallTime now) {
    if (span.begin >= span.end || span.end <= now) {
        return;
    }
    state.open = state.open || span.begin <= now;
    auto const edge = span.begin <= now ? span.end : span.begin;
    state.next_edge = std::min(edge, state.next_edge.value_or(edge));
}

}  // namespace

bool matches(ServiceMatch const& match, ServiceSpec const& service) {
    bool const typed = match.types.empty() || std::find(match.types.begin(), match.types.end(),
                                                        service.type) != match.types.end();
    return typed && any_fits(match.projects, service.project) &&
           is_named(match.services, service) && shares_tag(match.tags, service.tags) &&
           any_fits(match.groups, service.group) &&
           match.critical.value_or(service.critical) == service.critical;
}

Result<void> check_window(MaintenanceSpec const& window) {
    if (!window.from && !window.until && !window.weekly) {
        return failure(Errc::invalid, "a maintenance window needs from and until, or weekly");
    }
    if (window.from && window.until && *window.from >= *window.until) {
        return failure(Errc::invalid, "from (" + to_rfc3339(*window.from) +
                                          ") must lie before until (" + to_rfc3339(*window.until) +
                                          ")");
    }
    if (window.weekly && (window.weekly->from_minute >= kMinutesOfADay ||
                          window.weekly->to_minute >= kMinutesOfADay)) {
        return failure(Errc::invalid, "weekly.from and weekly.to must lie from 00:00 to 23:59");
    }
    return {};
}

WindowState window_at(MaintenanceSpec const& window, ZoneOffsets const& zone, WallTime now) {
    auto const first = window.from.value_or(WallTime::min());
    auto const last = window.until.value_or(WallTime::max());
    WindowState state;
    if (!window.weekly) {
        add(state, {first, last}, now);
        if (state.next_edge == WallTime::max()) {
            state.next_edge.reset();  // for ever
        }
        return state;
    }
    // Those that may be open now, and the next one: a week ahead, or two if one is leapt over.
    auto const today = std::chrono::floor<std::chrono::days>(now + zone.at(now));
    constexpr std::chrono::days kBack{2};
    constexpr std::chrono::days kAhead{16};
    for (auto day = today - kBack; day <= today + kAhead; day += std::chrono::days(1)) {
        if (auto const span = occurrence(*window.weekly, zone, day)) {
            add(state, {std::max(span->begin, first), std::min(span->end, last)}, now);
        }
    }
    if (!state.open && now < first && first < last) {
        state.next_edge = first;  // then with the zone's rules of that time
    }
    return state;
}

}  // namespace muster
