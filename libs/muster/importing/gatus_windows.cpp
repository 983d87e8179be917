#include <muster/importing/gatus_windows.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/importing/length_of_time.hpp>

namespace muster::importing {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

/// Minutes since midnight of `23:00`.
std::optional<int> minute_of(std::string_view text) {
    constexpr std::size_t kSize = 5;
    int hour = 0;
    int minute = 0;
    if (text.size() != kSize || text[2] != ':') {
        return std::nullopt;
    }
    auto const hours = std::from_chars(text.data(), text.data() + 2, hour);
    auto const minutes = std::from_chars(text.data() + 3, text.data() + kSize, minute);
    bool const whole = hours.ptr == text.data() + 2 && minutes.ptr == text.data() + kSize;
    if (!whole || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return std::nullopt;
    }
    return hour * 60 + minute;
}

std::optional<Weekday> day_of(std::string_view text) {
    return parse_enum<Weekday>(in_lower_case(text.substr(0, 3)));
}

bool is_zone(std::string_view text) {
    constexpr std::size_t kLongest = 64;
    return !text.empty() && text.size() <= kLongest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '/' || c == '+' || c == '-';
           });
}

}  // namespace

std::optional<std::vector<WeeklyWindow>> gatus_windows(SourceMap const& section) {
    std::vector<WeeklyWindow> windows;
    if (section.flag("enabled") == false) {
        return windows;
    }
    auto const start = minute_of(section.text("start"));
    auto const duration = length_of_time(section.text("duration"));
    if (!start || !duration || *duration < 1min || *duration > 24h) {
        return std::nullopt;
    }
    WeeklyWindow window;
    window.from_minute = static_cast<std::uint16_t>(*start);
    auto const end = *start + std::chrono::ceil<std::chrono::minutes>(*duration).count();
    window.to_minute = static_cast<std::uint16_t>(end % kMinutesOfDay);
    if (auto const zone = section.text("timezone"); !zone.empty()) {
        if (!is_zone(zone)) {
            return std::nullopt;
        }
        window.zone = std::string(zone);
    }
    auto const* every = section.find("every");
    auto const days = every == nullptr ? std::vector<YamlNode>() : items_of(*every);
    if (days.empty()) {
        for (auto const& [day, name] : enum_names(Weekday{})) {
            window.day = day;
            windows.push_back(window);
        }
        return windows;
    }
    for (auto const named : days) {
        auto const day = day_of(named.text());
        if (!day) {
            return std::nullopt;
        }
        window.day = *day;
        windows.push_back(window);
    }
    return windows;
}

}  // namespace muster::importing
