#include <cli/text/words.hpp>

#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace muster {

std::string age_words(std::optional<WallTime> then, WallTime now) {
    if (!then) {
        return "never";
    }
    constexpr std::array<std::pair<Millis, char>, 4> kUnits{
        {{24h, 'd'}, {1h, 'h'}, {1min, 'm'}, {1s, 's'}}};
    auto const age = now - *then;
    for (auto const& [length, letter] : kUnits) {
        if (age >= length) {
            return std::to_string(age / length) + letter + " ago";
        }
    }
    return "now";
}

std::string millis_words(std::optional<double> milliseconds) {
    if (!milliseconds) {
        return "-";
    }
    auto const tenths = std::round(*milliseconds * 10) / 10;
    if (tenths < 10 && tenths != std::floor(tenths)) {
        return fmt::format("{:.1f} ms", tenths);
    }
    return fmt::format("{:.0f} ms", *milliseconds);
}

std::string millis_words(std::optional<Millis> time) {
    return millis_words(time ? std::optional(static_cast<double>(time->count())) : std::nullopt);
}

std::string percent_words(double percent) {
    auto hundredths = std::round(percent * 100);
    if (hundredths == 10'000 && percent < 100) {
        hundredths -= 1;
    } else if (hundredths == 0 && percent > 0) {
        hundredths = 1;
    }
    auto text = fmt::format("{:.2f}", hundredths / 100);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text + '%';
}

std::string overlay_words(Overlays overlays) {
    std::string words;
    for (auto const& [overlay, name] : enum_names(Overlay{})) {
        if (overlays.has(overlay)) {
            words += (words.empty() ? "" : ", ") + std::string(name);
        }
    }
    return words;
}

std::string counted(std::uint64_t count, std::string const& word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

std::string or_dash(std::string text) {
    return text.empty() ? "-" : std::move(text);
}

}  // namespace muster
