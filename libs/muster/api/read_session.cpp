#include <muster/api/read_session.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <system_error>
#include <utility>

#include <muster/api/bearer.hpp>

namespace muster {
namespace {

using Seconds = std::chrono::seconds;

/// Keeps the signature of a session from being one of anything else.
constexpr std::string_view kPurpose = "muster read session until ";

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const is_one = error == std::errc{} && end == text.data() + text.size() && !text.empty();
    return is_one ? std::optional(number) : std::nullopt;
}

std::int64_t seconds_of(WallTime time) {
    return std::chrono::duration_cast<Seconds>(time.time_since_epoch()).count();
}

}  // namespace

ReadSession::ReadSession(std::string token, Sign sign)
    : token_(std::move(token)), sign_(std::move(sign)) {}

bool ReadSession::holds(std::string_view cookies, WallTime now) const {
    // A browser that has several of the same name (of other paths) sends them all.
    while (!cookies.empty()) {
        auto const end = std::min(cookies.find(';'), cookies.size());
        auto pair = cookies.substr(0, end);
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        auto const equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == kCookie &&
            is_ours(pair.substr(equals + 1), now)) {
            return true;
        }
    }
    return false;
}

bool ReadSession::is_ours(std::string_view value, WallTime now) const {
    auto const dot = value.find('.');
    if (dot == std::string_view::npos) {
        return false;
    }
    auto const until = value.substr(0, dot);
    auto const seconds = whole_number(until);
    return seconds && *seconds > seconds_of(now) && *seconds <= seconds_of(end_of(now)) &&
           equal_in_constant_time(value.substr(dot + 1), signature(until));
}

std::string ReadSession::set_cookie(WallTime now) const {
    auto const until = std::to_string(seconds_of(end_of(now)));
    // Not `Secure`: whether there is TLS before us is not known, and without it the browser would
    // never send it.
    return std::string(kCookie) + "=" + until + "." + signature(until) +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
           std::to_string(std::chrono::duration_cast<Seconds>(kLifetime).count());
}

WallTime ReadSession::end_of(WallTime begin) {
    return std::chrono::floor<Seconds>(begin) + kLifetime;
}

std::string ReadSession::signature(std::string_view until) const {
    return sign_(token_, std::string(kPurpose) + std::string(until));
}

}  // namespace muster
