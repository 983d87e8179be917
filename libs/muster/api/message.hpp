#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/base/unique_function.hpp>

namespace muster {

class LiveClient;
class LiveSession;

/// Text that is encoded once and then shared by all who send it.
using SharedText = std::shared_ptr<std::string const>;

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

constexpr EnumNames<Method, 7> enum_names(Method) {
    return {{{Method::get, "GET"},
             {Method::head, "HEAD"},
             {Method::post, "POST"},
             {Method::put, "PUT"},
             {Method::patch, "PATCH"},
             {Method::del, "DELETE"},
             {Method::options, "OPTIONS"}}};
}

struct QueryParameter {
    std::string name;
    std::string value;

    bool operator==(QueryParameter const&) const = default;
};

/// What a request asks for, decoded once: valid UTF-8 without control characters.
struct Target {
    std::string path;                   ///< Decoded; starts with `/`.
    std::vector<std::string> segments;  ///< Of the path; a decoded `%2F` stays in its segment. A
                                        ///< trailing slash makes no segment.
    std::vector<QueryParameter> query;  ///< In the order of the request.

    bool operator==(Target const&) const = default;
};

/// A request without its socket.
struct Request {
    Method method{Method::get};
    Target target;

    // Headers that routes look at; empty: not sent.
    std::string host;
    std::string origin;
    std::string if_none_match;
    std::string content_type;
    std::string authorization;
    std::string cookie;           ///< Of several headers all, as one.
    std::string last_event_id;    ///< Of an event stream that goes on.
    std::string accept_encoding;  ///< Looked at by the server, not by routes.

    bool forwarded{false};      ///< Came with `Forwarded` or `X-Forwarded-*`.
    bool from_loopback{false};  ///< The peer of the connection is this machine.
    std::string body;

    /// What stood at `{name}` of the route's pattern; set by the Router.
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
    std::vector<std::pair<std::string_view, std::size_t>> parameters;  ///< Name, segment.
};

/// The body of an answer: up to three pieces, sent in one gathered write. The shared one is never
/// copied.
struct Body {
    std::string head;
    SharedText shared;
    std::string tail;

    [[nodiscard]] std::size_t size() const noexcept {
        return head.size() + (shared ? shared->size() : 0) + tail.size();
    }
    /// All of it in one piece, for tests and logs.
    [[nodiscard]] std::string text() const;
};

struct Response {
    unsigned status{200};
    std::string content_type;  ///< Empty: no such header. Of a 304: what it stands for, not sent.
    std::string headers;       ///< Further header lines, each ended with CR LF; see add_header.
    Body body;
    bool close{false};  ///< The connection ends after this answer.
    /// The body is `body.shared` alone and the same for the program's life: what is made of it
    /// (gzip) is kept for the next who asks.
    bool lasting{false};

    /// Set: Server-Sent Events follow the body, by the session that this makes; called once, at
    /// most, when the head was written. Not for HEAD.
    using Stream = std::function<std::unique_ptr<LiveSession>(LiveClient&)>;
    Stream stream{};

    /// Line breaks in `value` become spaces.
    void add_header(std::string_view name, std::string_view value);
    /// The value of a header set by add_header; empty where there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// Takes the answer to one request: called exactly once, on the edge's loop, during the call that
/// got it or later.
using Reply = UniqueFunction<void(Response)>;

/// The words of a status: `Not Found`.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

}  // namespace muster
