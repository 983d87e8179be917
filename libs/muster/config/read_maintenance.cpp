#include <muster/config/read_maintenance.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <muster/config/values.hpp>

namespace muster::config {
namespace {

constexpr std::string_view kWantsTime = "a time in UTC or with its offset: 2026-11-22T05:00:00Z";
constexpr std::string_view kWantsClock = "a local time of day in quotes, such as \"02:00\"";
constexpr std::uint16_t kMinutesOfDay = 24 * 60;

/// The words of a list, remembered as names that something shall have.
void read_matched(Reading& reading, Mapping const& from, std::string_view key, Mentions::Kind kind,
                  std::vector<std::string>& out) {
    read_texts(reading, from, key, out);
    auto const* field = from.find(key);
    if (field == nullptr || field->value.kind() != NodeKind::list) {
        return;
    }
    auto name = out.begin();
    for (auto const item : field->value) {
        if (name != out.end()) {
            reading.mentions().matches.push_back({kind, *name++, item});
        }
    }
}

void read_types(Reading& reading, Mapping const& from, std::vector<ServiceType>& out) {
    auto const* field = from.find("types");
    if (field == nullptr) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        refuse_value(reading, field->value, "types", "a list of types, such as [database, cache]");
        return;
    }
    std::vector<std::string_view> words;
    for (auto const& entry : enum_names(ServiceType{})) {
        words.push_back(entry.second);
    }
    for (auto const item : field->value) {
        if (auto const index = word_of(reading, item, "types", words)) {
            out.push_back(enum_names(ServiceType{})[*index].first);
        }
    }
}

ServiceMatch read_match(Reading& reading, Field const& field) {
    Mapping const from(reading, field.value, Section::match);
    ServiceMatch match;
    read_matched(reading, from, "projects", Mentions::Kind::project, match.projects);
    read_matched(reading, from, "services", Mentions::Kind::service, match.services);
    read_types(reading, from, match.types);
    read_matched(reading, from, "tags", Mentions::Kind::tag, match.tags);
    read_matched(reading, from, "groups", Mentions::Kind::group, match.groups);
    if (from.find("critical") != nullptr) {
        bool critical = true;
        read_flag(reading, from, "critical", critical);
        match.critical = critical;
    }
    return match;
}

std::optional<WallTime> read_time(Reading& reading, Mapping const& from, std::string_view key) {
    auto const* field = from.find(key);
    if (field == nullptr) {
        return std::nullopt;
    }
    auto const text = scalar_of(reading, field->value, key, kWantsTime);
    auto const time = text ? parse_rfc3339(*text) : failure(Errc::invalid, "");
    if (text && !time) {
        refuse_value(reading, field->value, key, kWantsTime);
    }
    return time ? std::optional(*time) : std::nullopt;
}

std::optional<std::uint16_t> two_digits(std::string_view text) {
    std::uint16_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = error == std::errc{} && end == text.data() + text.size();
    return text.size() == 2 && whole ? std::optional(number) : std::nullopt;
}

/// `02:00` in minutes since midnight; `24:00` is the end of the day.
std::optional<std::uint16_t> minute_of(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    auto const hours = two_digits(text.substr(0, colon));
    auto const minutes = two_digits(text.substr(colon + 1));
    if (!hours || !minutes || *minutes > 59) {
        return std::nullopt;
    }
    auto const minute = static_cast<std::uint16_t>(*hours * 60 + *minutes);
    return minute <= kMinutesOfDay ? std::optional(minute) : std::nullopt;
}

std::optional<std::uint16_t> read_minute(Reading& reading, Mapping const& from,
                                         std::string_view key, std::uint16_t most) {
    auto const* field = from.find(key);
    if (field == nullptr) {
        reading.refuse(from.node(),
                       in_quotes(key) + " is missing: it wants " + std::string(kWantsClock));
        return std::nullopt;
    }
    auto const text = scalar_of(reading, field->value, key, kWantsClock);
    auto const minute = text ? minute_of(*text) : std::nullopt;
    if (text && (!minute || *minute > most)) {
        refuse_value(reading, field->value, key, kWantsClock);
        return std::nullopt;
    }
    return minute;
}

std::optional<WeeklyWindow> read_weekly(Reading& reading, Field const& field) {
    Mapping const from(reading, field.value, Section::weekly);
    if (field.value.kind() != NodeKind::map && field.value.kind() != NodeKind::nothing) {
        return std::nullopt;
    }
    WeeklyWindow window;
    if (from.find("day") == nullptr) {
        reading.refuse(field.name,
                       "'day' is missing: it wants one of sun, mon, tue, wed, thu, fri, sat");
    }
    read_enum(reading, from, "day", window.day);
    auto const first = read_minute(reading, from, "from", kMinutesOfDay - 1);
    auto const last = read_minute(reading, from, "to", kMinutesOfDay);
    read_text(reading, from, "zone", window.zone);
    if (from.find("zone") != nullptr && !reading.knows_zone(window.zone)) {
        refuse_value(reading, from.find("zone")->value, "zone",
                     "a time zone that this machine knows, such as UTC or Europe/Berlin");
    }
    if (!first || !last || from.find("day") == nullptr) {
        return std::nullopt;
    }
    window.from_minute = *first;
    window.to_minute = *last % kMinutesOfDay;
    return window;
}

bool read_times(Reading& reading, Mapping const& from, MaintenanceSpec& spec) {
    auto const* const weekly = from.find("weekly");
    auto const* const begin = from.find("from");
    auto const* const end = from.find("until");
    spec.from = read_time(reading, from, "from");
    spec.until = read_time(reading, from, "until");
    if (weekly != nullptr) {
        spec.weekly = read_weekly(reading, *weekly);
    }
    if (weekly != nullptr && (begin != nullptr || end != nullptr)) {
        reading.refuse(weekly->name, "'weekly' stands alone: without 'from' and 'until'");
        return false;
    }
    if (weekly == nullptr && begin == nullptr && end == nullptr) {
        reading.refuse(from.node(), "a maintenance window wants 'from' and 'until', or 'weekly'");
        return false;
    }
    if (spec.from && spec.until && *spec.until <= *spec.from) {
        reading.refuse(end->value, "'until' is not after 'from'");
        return false;
    }
    return (weekly != nullptr) == spec.weekly.has_value() &&
           (begin != nullptr) == spec.from.has_value() &&
           (end != nullptr) == spec.until.has_value();
}

void add_window(Reading& reading, YamlNode entry, std::vector<MaintenanceSpec>& out) {
    Mapping const from(reading, entry, Section::maintenance);
    if (entry.kind() != NodeKind::map && entry.kind() != NodeKind::nothing) {
        return;
    }
    MaintenanceSpec spec;
    if (auto const* match = from.find("match")) {
        spec.match = read_match(reading, *match);
    } else {
        reading.refuse(
            entry,
            "'match' is missing: say which services, such as match: { projects: [shop] }, "
            "or match: {} for all");
    }
    read_text(reading, from, "why", spec.why);
    if (read_times(reading, from, spec)) {
        out.push_back(std::move(spec));
    }
}

}  // namespace

std::vector<MaintenanceSpec> read_maintenance(Reading& reading, Mapping const& file) {
    std::vector<MaintenanceSpec> windows;
    auto const* field = file.find("maintenance");
    if (field == nullptr || field->value.kind() == NodeKind::nothing) {
        return windows;
    }
    if (field->value.kind() != NodeKind::list) {
        refuse_value(reading, field->value, "maintenance", "a list of windows (- match: ...)");
        return windows;
    }
    for (auto const entry : field->value) {
        add_window(reading, entry, windows);
    }
    return windows;
}

}  // namespace muster::config
