#include <muster/time_zone/system_zone_rules.hpp>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/time/time.h>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kLongestName = 64;

/// The loader takes paths as well; only names may reach it.
bool is_zone_name(std::string_view name) {
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    return !name.empty() && name.size() <= kLongestName && name.front() != '/' &&
           name.find_first_not_of(kAllowed) == std::string_view::npos && name != "localtime";
}

absl::Time to_absl(WallTime time) {
    return absl::FromUnixMillis(time.time_since_epoch().count());
}

ZoneOffset offset_from(absl::TimeZone const& zone, absl::Time moment) {
    return {WallTime(Millis(absl::ToUnixMillis(moment))),
            std::chrono::seconds(zone.At(moment).offset)};
}

/// The moment of a change, given by what clocks show before and after it.
absl::Time moment_of(absl::TimeZone const& zone, absl::TimeZone::CivilTransition const& change) {
    auto const before = zone.At(change.from);
    return before.kind == absl::TimeZone::TimeInfo::UNIQUE ? zone.At(change.to).trans
                                                           : before.trans;
}

}  // namespace

Result<ZoneOffsets> SystemZoneRules::offsets(std::string const& zone, WallTime from,
                                             WallTime until) {
    absl::TimeZone loaded;
    if (!is_zone_name(zone) || !absl::LoadTimeZone(zone, &loaded)) {
        return failure(Errc::not_found, "unknown time zone '" + clean_text(zone, kLongestName) +
                                            "': use an IANA name like Europe/Berlin or UTC");
    }
    std::vector<ZoneOffset> offsets{offset_from(loaded, to_absl(from))};
    absl::TimeZone::CivilTransition change;
    auto at = to_absl(from);
    while (loaded.NextTransition(at, &change)) {
        auto const moment = moment_of(loaded, change);
        if (moment <= at || moment > to_absl(until)) {
            break;
        }
        offsets.push_back(offset_from(loaded, moment));
        at = moment;
    }
    return ZoneOffsets(std::move(offsets));
}

}  // namespace muster
