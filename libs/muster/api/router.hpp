#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/api/live.hpp>
#include <muster/api/message.hpp>
#include <muster/api/origins.hpp>
#include <muster/api/read_guard.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// Finds the function that answers a request. Everything on the edge's loop; routes are added
/// before the first request.
class Router {
public:
    /// Both must not throw. The request is theirs during the call only.
    using Route = std::function<Response(Request const&)>;
    using LaterRoute = std::function<void(Request const&, Reply)>;
    /// Answers what no route knows, or gives nothing.
    using Fallback = std::function<std::optional<Response>(Request const&)>;

    Router(Clock const& clock, Origins origins);

    /// `pattern` is a path whose segments are literal or `{name}`; the name must outlive the router
    /// (a literal). Of several patterns that fit the first added wins. A GET route takes HEAD too.
    void add(Method method, std::string_view pattern, Route route);
    void add_later(Method method, std::string_view pattern, LaterRoute route);

    /// WebSockets at this path go to `feed`, which must outlive the router.
    void add_feed(std::string_view path, Feed& feed);

    /// GET of what no route knows: pages and their parts. One. It answers everybody, whatever is
    /// asked for of reads: what it gives must not tell of what is watched.
    void set_fallback(Fallback fallback);

    /// Answers every request: 401 where the guard of reads refuses it, 404 for what nobody knows,
    /// 405 with Allow, OPTIONS by itself.
    void handle(Request request, Reply reply) const;

    /// Why a request may not read, as its answer; nothing: it may. For what does not come by
    /// handle(): an opening WebSocket.
    [[nodiscard]] std::optional<Response> refuse_read(Request const& request) const;

    /// Where a WebSocket at this path goes; null: no feed there.
    [[nodiscard]] Feed* feed_at(Target const& target) const;

    [[nodiscard]] Origins const& origins() const noexcept { return origins_; }

    /// Others from the next request on.
    void set_origins(Origins origins) { origins_ = std::move(origins); }

    /// Who may read, from the next request on; everybody until this is called. Changing calls
    /// have their own guard behind it.
    void set_read_guard(ReadGuard guard) { read_guard_ = std::move(guard); }
    [[nodiscard]] ReadGuard const& read_guard() const noexcept { return read_guard_; }

    [[nodiscard]] WallTime now() const { return clock_.now().wall; }

private:
    struct Entry {
        Method method;
        std::vector<std::string_view> segments;  ///< `{name}` stands for any.
        LaterRoute route;
    };
    struct FeedEntry {
        std::string path;
        Feed* feed;
    };

    [[nodiscard]] bool knows(Target const& target) const;
    void answer_without_route(Request const& request, Reply reply) const;
    [[nodiscard]] std::string allowed_methods(Target const& target) const;
    [[nodiscard]] Response refuse_method(Request const& request, std::string const& allowed) const;

    Clock const& clock_;
    Origins origins_;
    ReadGuard read_guard_;
    std::vector<Entry> entries_;
    std::vector<FeedEntry> feeds_;
    Fallback fallback_;
};

}  // namespace muster
