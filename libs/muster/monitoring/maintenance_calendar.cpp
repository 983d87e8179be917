#include <muster/monitoring/maintenance_calendar.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace muster {
namespace {

constexpr std::chrono::days kZoneBack{10};
constexpr std::chrono::days kZoneAhead{60};
constexpr std::chrono::days kNeededBack{3};  // by window_at()
constexpr std::chrono::days kNeededAhead{21};

std::string name_of(Maintenance const& window) {
    return window.spec.why.empty() ? "maintenance window"
                                   : "maintenance window '" + window.spec.why + "'";
}

}  // namespace

Result<void> MaintenanceCalendar::set(std::vector<Maintenance> windows, WallTime now) {
    std::vector<Entry> entries;
    entries.reserve(windows.size());
    for (auto& window : windows) {
        Entry entry;
        entry.window = std::move(window);
        auto good = check_window(entry.window.spec);
        if (good) {
            good = load_zone(entry, now);
        }
        if (!good) {
            return prefixed(name_of(entry.window), std::move(good.error()));
        }
        entry.state = window_at(entry.window.spec, entry.zone, now);
        entries.push_back(std::move(entry));
    }
    entries_ = std::move(entries);
    return {};
}

bool MaintenanceCalendar::advance(WallTime now) {
    bool changed = false;
    for (auto& entry : entries_) {
        if (now - kNeededBack < entry.zone_from || now + kNeededAhead > entry.zone_until) {
            // Rules that are gone since: those known before go on.
            (void)load_zone(entry, now);
        }
        auto const state = window_at(entry.window.spec, entry.zone, now);
        changed = changed || state.open != entry.state.open;
        entry.state = state;
    }
    return changed;
}

Maintenance const* MaintenanceCalendar::covering(ServiceSpec const& service) const {
    auto const found = std::find_if(entries_.begin(), entries_.end(), [&](Entry const& entry) {
        return entry.state.open && matches(entry.window.spec.match, service);
    });
    return found == entries_.end() ? nullptr : &found->window;
}

std::optional<WallTime> MaintenanceCalendar::next_edge() const {
    std::optional<WallTime> next;
    for (auto const& entry : entries_) {
        if (entry.state.next_edge) {
            next = std::min(*entry.state.next_edge, next.value_or(*entry.state.next_edge));
        }
    }
    return next;
}

Result<void> MaintenanceCalendar::load_zone(Entry& entry, WallTime now) {
    auto const from = now - kZoneBack;
    auto const until = now + kZoneAhead;
    if (entry.window.spec.weekly) {
        auto offsets = zones_.offsets(entry.window.spec.weekly->zone, from, until);
        if (!offsets) {
            return tl::unexpected(std::move(offsets.error()));
        }
        entry.zone = std::move(*offsets);
    }
    entry.zone_from = from;
    entry.zone_until = until;
    return {};
}

}  // namespace muster
