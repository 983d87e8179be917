#include <muster/base/time.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kShownBytes = 64;

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    auto const digits = std::to_string(value);
    out.append(width - std::min(width, digits.size()), '0');
    out += digits;
}

/// The calendar goes wrong beyond its years; these are the bounds that can be written.
constexpr WallTime kFirst{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
constexpr WallTime kLast{WallTime{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}} -
                         Millis{1}};

/// Takes text apart from the left; every reader gives nothing once something did not fit.
class Scanner {
public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}

    std::optional<int> digits(std::size_t count) noexcept {
        if (rest_.size() < count) {
            return std::nullopt;
        }
        int value = 0;
        for (char const character : rest_.substr(0, count)) {
            if (!is_digit(character)) {
                return std::nullopt;
            }
            value = value * 10 + (character - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    bool one_of(std::string_view characters) noexcept {
        if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) {
            return false;
        }
        last_ = rest_.front();
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view digit_run() noexcept {
        auto const length = static_cast<std::size_t>(
            std::find_if_not(rest_.begin(), rest_.end(), is_digit) - rest_.begin());
        auto const run = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return run;
    }

    [[nodiscard]] char last() const noexcept { return last_; }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
    char last_{'\0'};
};

std::optional<std::chrono::sys_days> scan_date(Scanner& in) noexcept {
    auto const year = in.digits(4);
    if (!year || !in.one_of("-")) {
        return std::nullopt;
    }
    auto const month = in.digits(2);
    if (!month || !in.one_of("-")) {
        return std::nullopt;
    }
    auto const day = in.digits(2);
    if (!day) {
        return std::nullopt;
    }
    std::chrono::year_month_day const date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date};
}

/// The first three decimals as milliseconds: what lies below is cut.
Millis millis_of(std::string_view decimals) noexcept {
    int value = 0;
    for (std::size_t index = 0; index < 3; ++index) {
        value = value * 10 + (index < decimals.size() ? decimals[index] - '0' : 0);
    }
    return Millis{value};
}

std::optional<Millis> scan_time_of_day(Scanner& in) noexcept {
    auto const hour = in.digits(2);
    if (!hour || *hour > 23 || !in.one_of(":")) {
        return std::nullopt;
    }
    auto const minute = in.digits(2);
    if (!minute || *minute > 59 || !in.one_of(":")) {
        return std::nullopt;
    }
    auto const second = in.digits(2);
    if (!second || *second > 60) {
        return std::nullopt;
    }
    Millis fraction{0};
    if (in.one_of(".")) {
        auto const decimals = in.digit_run();
        if (decimals.empty()) {
            return std::nullopt;
        }
        fraction = millis_of(decimals);
    }
    Millis const whole = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
    return *second == 60 ? whole + Millis{59'999}
                         : whole + std::chrono::seconds{*second} + fraction;
}

std::optional<Millis> scan_offset(Scanner& in) noexcept {
    if (in.one_of("Zz")) {
        return Millis{0};
    }
    if (!in.one_of("+-")) {
        return std::nullopt;
    }
    int const sign = in.last() == '-' ? -1 : 1;
    auto const hours = in.digits(2);
    if (!hours || *hours > 23 || !in.one_of(":")) {
        return std::nullopt;
    }
    auto const minutes = in.digits(2);
    if (!minutes || *minutes > 59) {
        return std::nullopt;
    }
    return sign * (std::chrono::hours{*hours} + std::chrono::minutes{*minutes});
}

std::optional<WallTime> scan_rfc3339(std::string_view text) noexcept {
    Scanner in(text);
    auto const date = scan_date(in);
    if (!date || !in.one_of("Tt ")) {
        return std::nullopt;
    }
    auto const time = scan_time_of_day(in);
    if (!time) {
        return std::nullopt;
    }
    auto const offset = scan_offset(in);
    if (!offset || !in.rest().empty()) {
        return std::nullopt;
    }
    auto const result = WallTime{*date} + *time - *offset;
    if (result < kFirst || result > kLast) {
        return std::nullopt;
    }
    return result;
}

struct Unit {
    std::string_view name;
    std::int64_t millis;
};

/// Longest first: the order in which an exact spelling is looked for.
constexpr std::array<Unit, 5> kUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::int64_t kLongestMillis = 100'000 * kUnits[0].millis;

std::optional<std::int64_t> unit_millis(std::string_view name) noexcept {
    if (name.empty()) {
        return 1'000;
    }
    for (auto const& unit : kUnits) {
        if (unit.name == name) {
            return unit.millis;
        }
    }
    return std::nullopt;
}

/// `whole`.`decimals` units, rounded to the nearest millisecond; nothing above the longest.
std::optional<Millis> scaled(std::string_view whole, std::string_view decimals,
                             std::int64_t unit) noexcept {
    std::int64_t value = 0;
    for (char const digit : whole) {
        value = value * 10 + (digit - '0');
        if (value > kLongestMillis) {
            return std::nullopt;
        }
    }
    if (value > kLongestMillis / unit) {
        return std::nullopt;
    }
    // Nine decimals of a day are a tenth of a millisecond: more cannot matter.
    constexpr std::size_t kDecimals = 9;
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    for (char const digit : decimals.substr(0, kDecimals)) {
        numerator = numerator * 10 + (digit - '0');
        denominator *= 10;
    }
    auto const millis = value * unit + (numerator * unit + denominator / 2) / denominator;
    return millis > kLongestMillis ? std::nullopt : std::optional(Millis{millis});
}

}  // namespace

std::string to_rfc3339(WallTime time) {
    time = std::clamp(time, kFirst, kLast);
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss<Millis> const clock{time - day};
    std::string out;
    out.reserve(24);
    append_padded(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    out += 'T';
    append_padded(out, clock.hours().count(), 2);
    out += ':';
    append_padded(out, clock.minutes().count(), 2);
    out += ':';
    append_padded(out, clock.seconds().count(), 2);
    out += '.';
    append_padded(out, clock.subseconds().count(), 3);
    out += 'Z';
    return out;
}

Result<WallTime> parse_rfc3339(std::string_view text) {
    if (auto const time = scan_rfc3339(text)) {
        return *time;
    }
    return failure(Errc::invalid, "'" + clean_text(text, kShownBytes) +
                                      "' is not a time: write it as in 2026-11-22T05:55:00.123Z");
}

Result<Millis> parse_duration(std::string_view text) {
    auto const refuse = [text](std::string_view why) {
        return failure(Errc::invalid,
                       "'" + clean_text(text, kShownBytes) + "' " + std::string(why));
    };
    constexpr std::string_view kNoDuration =
        "is not a duration: write a number with a unit, such as 250ms, 5s, 2m, 1h or 7d";
    Scanner in(text);
    auto const whole = in.digit_run();
    std::string_view decimals;
    if (in.one_of(".")) {
        decimals = in.digit_run();
        if (decimals.empty()) {
            return refuse(kNoDuration);
        }
    }
    auto const unit = unit_millis(in.rest());
    if (whole.empty() || !unit) {
        return refuse(kNoDuration);
    }
    if (auto const duration = scaled(whole, decimals, *unit)) {
        return *duration;
    }
    return refuse("is too long: at most 100000d");
}

std::string format_duration(Millis duration) {
    auto const count = duration.count();
    if (count == 0) {
        return "0s";
    }
    auto const exact = [count](Unit const& unit) { return count % unit.millis == 0; };
    // The last unit is a millisecond: there is always one.
    auto const unit = std::find_if(kUnits.begin(), kUnits.end() - 1, exact);
    return std::to_string(count / unit->millis) + std::string(unit->name);
}

}  // namespace muster
