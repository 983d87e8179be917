#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <muster/base/time.hpp>

namespace muster {

/// Lets a browser read for a while after it brought the token once: it can send no header along
/// with a WebSocket, an EventSource or a page that is opened, but it sends a cookie. The cookie's
/// value says until when it holds and is signed by the token: `1700000000.<signature>`. Nothing is
/// kept here, so that it outlives a restart; another token ends it.
class ReadSession {
public:
    /// A text that only who has the token can make of `text`. Whoever sees both may try tokens:
    /// making it must be slow the first time.
    using Sign = std::function<std::string(std::string_view token, std::string_view text)>;

    static constexpr std::string_view kCookie = "muster_session";
    static constexpr Millis kLifetime{7 * 24h};

    ReadSession(std::string token, Sign sign);

    /// Whether a `Cookie` header (RFC 6265 section 4.2) holds a session that is not over. One that
    /// would hold for longer than we give is none of ours. In constant time, but for the time.
    [[nodiscard]] bool holds(std::string_view cookies, WallTime now) const;

    /// The value of a `Set-Cookie` header; it holds until end_of(now). Scripts cannot read it, and
    /// other sites' pages do not send it along.
    [[nodiscard]] std::string set_cookie(WallTime now) const;

    /// Whole seconds.
    [[nodiscard]] static WallTime end_of(WallTime begin);

private:
    [[nodiscard]] std::string signature(std::string_view until) const;
    [[nodiscard]] bool is_ours(std::string_view value, WallTime now) const;

    std::string token_;
    Sign sign_;
};

}  // namespace muster
