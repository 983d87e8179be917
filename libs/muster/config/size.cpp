#include <muster/config/size.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <muster/base/ascii.hpp>

namespace muster::config {
namespace {

struct Unit {
    std::string_view word;
    std::uint64_t bytes;
};

constexpr std::uint64_t kKibi = 1024;

constexpr std::array<Unit, 9> kUnits{{{"B", 1},
                                      {"kB", 1'000},
                                      {"MB", 1'000'000},
                                      {"GB", 1'000'000'000},
                                      {"TB", 1'000'000'000'000},
                                      {"KiB", kKibi},
                                      {"MiB", kKibi* kKibi},
                                      {"GiB", kKibi* kKibi* kKibi},
                                      {"TiB", kKibi* kKibi* kKibi* kKibi}}};

/// Digits with at most one dot between them; at most 15 digits, which a double holds exactly.
Result<double> amount_of(std::string_view text) {
    constexpr std::size_t kMostDigits = 15;
    double value = 0;
    double scale = 0;  // of the next decimal; 0: before the dot
    std::size_t digits = 0;
    for (char const character : text) {
        if (character == '.' && scale == 0 && digits > 0) {
            scale = 1;
        } else if (is_digit(character) && ++digits <= kMostDigits) {
            value = value * 10 + (character - '0');
            scale *= 10;
        } else {
            return failure(Errc::invalid, "no number");
        }
    }
    if (digits == 0 || text.back() == '.') {
        return failure(Errc::invalid, "no number");
    }
    return scale == 0 ? value : value / scale;
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
    auto const refuse = [] {
        return failure(Errc::invalid, "no size: write a number with a unit, such as 500MB or 20GB");
    };
    auto const digits = std::min(text.find_first_not_of("0123456789."), text.size());
    auto const number = amount_of(text.substr(0, digits));
    auto word = text.substr(digits);
    word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
    auto const* const unit =
        word.empty() ? kUnits.data()
                     : std::find_if(kUnits.begin(), kUnits.end(), [word](Unit const& known) {
                           return equal_ignoring_case(known.word, word);
                       });
    if (!number || unit == kUnits.end()) {
        return refuse();
    }
    auto const bytes = std::round(*number * static_cast<double>(unit->bytes));
    constexpr double kExact = 9'007'199'254'740'992.0;  // 2^53
    if (bytes > kExact) {
        return failure(Errc::invalid, "too large: at most 9000 TB");
    }
    return static_cast<std::uint64_t>(bytes);
}

std::string format_size(std::uint64_t bytes) {
    auto best = std::to_string(bytes) + "B";
    for (auto const& unit : kUnits) {
        if (bytes == 0 || bytes % unit.bytes != 0) {
            continue;
        }
        auto text = std::to_string(bytes / unit.bytes) + std::string(unit.word);
        if (text.size() < best.size()) {
            best = std::move(text);
        }
    }
    return best;
}

}  // namespace muster::config
