#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/base/id.hpp>
#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/zone_offsets.hpp>

namespace muster {

/// Which services something is about. A list that is empty asks for nothing; of one that is not,
/// any item must fit.
struct ServiceMatch {
    std::vector<std::string> projects;
    std::vector<std::string> services;  ///< `name` in any project, or `project/name`.
    std::vector<ServiceType> types;
    std::vector<std::string> tags;
    std::vector<std::string> groups;
    std::optional<bool> critical;

    bool operator==(ServiceMatch const&) const = default;
};

/// Stored values: do not renumber.
enum class Weekday : std::uint8_t { sun = 0, mon, tue, wed, thu, fri, sat };

constexpr EnumNames<Weekday, 7> enum_names(Weekday) {
    return {{{Weekday::sun, "sun"},
             {Weekday::mon, "mon"},
             {Weekday::tue, "tue"},
             {Weekday::wed, "wed"},
             {Weekday::thu, "thu"},
             {Weekday::fri, "fri"},
             {Weekday::sat, "sat"}}};
}

/// Every week at the same local time. A `to` that is not behind `from` lies on the next day.
struct WeeklyWindow {
    Weekday day{Weekday::sun};
    std::uint16_t from_minute{0};  ///< Since local midnight, 0-1439.
    std::uint16_t to_minute{0};
    std::string zone{"UTC"};  ///< IANA name: `Europe/Berlin`.

    bool operator==(WeeklyWindow const&) const = default;
};

/// A time in which failures of some services are expected: once (`from`, `until`) or weekly.
struct MaintenanceSpec {
    ServiceMatch match;
    std::optional<WallTime> from;  ///< Nothing: since always (or for ever, of `until`).
    std::optional<WallTime> until;
    std::optional<WeeklyWindow> weekly;
    std::string why;

    bool operator==(MaintenanceSpec const&) const = default;
};

struct Maintenance {
    MaintenanceId id;
    Owner owner{Owner::file};
    WallTime created_at{};
    MaintenanceSpec spec;

    bool operator==(Maintenance const&) const = default;
};

[[nodiscard]] bool matches(ServiceMatch const& match, ServiceSpec const& service);

/// What no zone is needed for: there is a time at all, `from` lies before `until`, minutes lie
/// within a day. Errors: invalid, naming the field and what would be right.
[[nodiscard]] Result<void> check_window(MaintenanceSpec const& window);

/// Whether a window is open, and when that may next be different (later than `now`; nothing:
/// never).
struct WindowState {
    bool open{false};
    std::optional<WallTime> next_edge;

    bool operator==(WindowState const&) const = default;
};

/// A window is open from its first moment up to, and without, its last. A weekly one is bounded by
/// `from` and `until` where it has them; it begins when the clocks of its zone first show its
/// `from` and ends when they last show its `to`. What the clocks leap over begins, or ends, with
/// the leap; a window that lies wholly in the leap does not happen that week. `zone`: of the weekly
/// window, right for ten days around `now`.
[[nodiscard]] WindowState window_at(MaintenanceSpec const& window, ZoneOffsets const& zone,
                                    WallTime now);

}  // namespace muster
