#include <muster/http/http_date.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace muster {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Takes a text apart from its front; once something did not fit, nothing does any more.
class Cursor {
public:
    explicit Cursor(std::string_view text) noexcept : rest_(text) {}

    void skip(std::string_view literal) noexcept {
        fits_ = fits_ && rest_.starts_with(literal);
        rest_.remove_prefix(fits_ ? literal.size() : 0);
    }

    /// Of exactly so many digits; with `padded` the first may be a space.
    [[nodiscard]] unsigned number(std::size_t digits, bool padded = false) noexcept {
        fits_ = fits_ && rest_.size() >= digits;
        unsigned value = 0;
        for (std::size_t at = 0; fits_ && at < digits; ++at) {
            auto const character = rest_[at];
            bool const is_padding = padded && at == 0 && character == ' ';
            fits_ = is_padding || (character >= '0' && character <= '9');
            value =
                value * 10 + (is_padding || !fits_ ? 0U : static_cast<unsigned>(character - '0'));
        }
        rest_.remove_prefix(fits_ ? digits : 0);
        return value;
    }

    [[nodiscard]] month month_name() noexcept {
        auto const* const found = std::find(kMonths.begin(), kMonths.end(), rest_.substr(0, 3));
        fits_ = fits_ && found != kMonths.end();
        rest_.remove_prefix(fits_ ? 3 : 0);
        return month(static_cast<unsigned>(found - kMonths.begin()) + 1);
    }

    /// `08:49:37`; a leap second counts as the one before it.
    [[nodiscard]] std::chrono::seconds time_of_day() noexcept {
        auto const hours = number(2);
        skip(":");
        auto const minutes = number(2);
        skip(":");
        auto const seconds = number(2);
        fits_ = fits_ && hours < 24 && minutes < 60 && seconds <= 60;
        return std::chrono::hours(hours) + std::chrono::minutes(minutes) +
               std::chrono::seconds(std::min(seconds, 59U));
    }

    [[nodiscard]] bool at_end() const noexcept { return fits_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool fits_{true};
};

struct Moment {
    year_month_day date;
    std::chrono::seconds time{0};
};

Moment read_fixed(Cursor& cursor) noexcept {
    day const of_month(cursor.number(2));
    cursor.skip(" ");
    auto const named = cursor.month_name();
    cursor.skip(" ");
    year const in(static_cast<int>(cursor.number(4)));
    cursor.skip(" ");
    auto const time = cursor.time_of_day();
    cursor.skip(" GMT");
    return {in / named / of_month, time};
}

Moment read_rfc850(Cursor& cursor) noexcept {
    constexpr unsigned kFirstOfThisCentury = 69;
    day const of_month(cursor.number(2));
    cursor.skip("-");
    auto const named = cursor.month_name();
    cursor.skip("-");
    auto const short_year = cursor.number(2);
    year const in(static_cast<int>(short_year) + (short_year < kFirstOfThisCentury ? 2000 : 1900));
    cursor.skip(" ");
    auto const time = cursor.time_of_day();
    cursor.skip(" GMT");
    return {in / named / of_month, time};
}

Moment read_asctime(Cursor& cursor) noexcept {
    auto const named = cursor.month_name();
    cursor.skip(" ");
    day const of_month(cursor.number(2, true));
    cursor.skip(" ");
    auto const time = cursor.time_of_day();
    cursor.skip(" ");
    year const in(static_cast<int>(cursor.number(4)));
    return {in / named / of_month, time};
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) noexcept {
    constexpr std::size_t kShortDay = 3;
    // The day of the week says nothing that the date does not.
    auto const space = std::min(text.find(' '), text.size());
    auto const weekday = text.substr(0, space);
    Cursor cursor(text.substr(space));
    cursor.skip(" ");
    Moment moment;
    if (weekday.size() == kShortDay) {
        moment = read_asctime(cursor);
    } else if (weekday.size() == kShortDay + 1 && weekday.back() == ',') {
        moment = read_fixed(cursor);
    } else if (!weekday.empty() && weekday.back() == ',') {
        moment = read_rfc850(cursor);
    } else {
        return std::nullopt;
    }
    if (!cursor.at_end() || !moment.date.ok()) {
        return std::nullopt;
    }
    return WallTime(std::chrono::sys_days(moment.date)) + moment.time;
}

}  // namespace muster
