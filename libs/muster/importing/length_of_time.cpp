#include <muster/importing/length_of_time.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace muster::importing {
namespace {

constexpr double kMostMillis = 100.0 * 365 * 24 * 3600 * 1000;

/// Millis of a unit. A unit that begins like another stands before it.
constexpr std::array<std::pair<std::string_view, double>, 11> kUnits{{
    {"ns", 1e-6},
    {"us", 1e-3},
    {"µs", 1e-3},  // U+00B5
    {"μs", 1e-3},  // U+03BC
    {"ms", 1.0},
    {"s", 1e3},
    {"m", 60e3},
    {"h", 3600e3},
    {"d", 24 * 3600e3},
    {"w", 7 * 24 * 3600e3},
    {"y", 365 * 24 * 3600e3},
}};

/// Takes the unit that the text starts with.
std::optional<double> take_unit(std::string_view& text) {
    for (auto const& [unit, millis] : kUnits) {
        if (text.substr(0, unit.size()) == unit) {
            text.remove_prefix(unit.size());
            return millis;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<Millis> length_of_time(std::string_view text) {
    if (text == "0") {
        return Millis(0);
    }
    double sum = 0;
    bool has_part = false;
    while (!text.empty()) {
        double number = 0;
        auto const digits = text.find_first_not_of("0123456789.");
        auto const* const end = text.data() + (digits == std::string_view::npos ? 0 : digits);
        auto const [stopped, error] =
            std::from_chars(text.data(), end, number, std::chars_format::fixed);
        if (error != std::errc{} || stopped != end) {
            return std::nullopt;
        }
        text.remove_prefix(digits);
        auto const unit = take_unit(text);
        if (!unit) {
            return std::nullopt;
        }
        sum += number * *unit;
        has_part = true;
        if (!(sum <= kMostMillis)) {
            return std::nullopt;
        }
    }
    return has_part ? std::optional(Millis(static_cast<Millis::rep>(sum + 1e-6))) : std::nullopt;
}

}  // namespace muster::importing
