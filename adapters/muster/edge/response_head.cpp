#include <muster/edge/response_head.hpp>

#include <array>
#include <charconv>
#include <string_view>

namespace muster {
namespace {

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_number(std::string& out, std::size_t value) {
    std::array<char, 24> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void append_two_digits(std::string& out, unsigned value) {
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

/// IMF-fixdate, RFC 9110 section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
void append_date(std::string& out, WallTime now) {
    auto const day = std::chrono::floor<std::chrono::days>(now);
    std::chrono::year_month_day const date(day);
    auto const seconds = static_cast<unsigned>((now - day).count() / 1000);
    out += kDays[std::chrono::weekday(day).c_encoding()];
    out += ", ";
    append_two_digits(out, static_cast<unsigned>(date.day()));
    out += ' ';
    out += kMonths[static_cast<unsigned>(date.month()) - 1];
    out += ' ';
    append_number(out, static_cast<std::size_t>(static_cast<int>(date.year())));
    out += ' ';
    append_two_digits(out, seconds / 3600);
    out += ':';
    append_two_digits(out, seconds / 60 % 60);
    out += ':';
    append_two_digits(out, seconds % 60);
    out += " GMT";
}

/// RFC 9110 sections 8.6 and 15.4.5: these have no length, and do not tell what they would hold.
constexpr bool has_content(unsigned status) noexcept {
    return status >= 200 && status != 204 && status != 304;
}

}  // namespace

void append_response_head(std::string& out, Response const& response, Wire const& wire) {
    out += "HTTP/1.1 ";
    append_number(out, response.status);
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\nDate: ";
    append_date(out, wire.now);
    out += "\r\n";
    if (!response.content_type.empty() && has_content(response.status)) {
        out += "Content-Type: ";
        out += response.content_type;
        out += "\r\n";
    }
    if (has_content(response.status) && !response.stream) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    out += response.headers;
    out += "X-Content-Type-Options: nosniff\r\n";
    if (!wire.keep_alive) {
        out += "Connection: close\r\n";
    } else if (wire.http10) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
}

}  // namespace muster
