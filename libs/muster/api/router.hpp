#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/api/live.hpp>
#include <muster/api/message.hpp>
#include <muster/api/origins.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// Finds the function that answers a request. Everything on the edge's loop; routes are added
/// before the first request.
class Router {
public:
    /// Both must not throw. The request is theirs during the call only.
    using Route = std::function<Response(Request const&)>;
    using LaterRoute = std::function<void(Request const&, Reply)>;
    /// For work that is of no use once the client is gone. Null: the reply was called.
    using ErrandRoute = std::function<std::unique_ptr<Errand>(Request const&, Reply)>;
    /// Answers what no route knows, or gives nothing.
    using Fallback = std::function<std::optional<Response>(Request const&)>;

    Router(Clock const& clock, Origins origins);

    /// `pattern` is a path whose segments are literal or `{name}`; the name must outlive the router
    /// (a literal). Of several patterns that fit the first added wins. A GET route takes HEAD too.
    void add(Method method, std::string_view pattern, Route route);
    void add_later(Method method, std::string_view pattern, LaterRoute route);
    void add_errand(Method method, std::string_view pattern, ErrandRoute route);

    /// WebSockets at this path go to `feed`, which must outlive the router.
    void add_feed(std::string_view path, Feed& feed);

    /// GET of what no route knows: pages and their parts. One.
    void set_fallback(Fallback fallback);

    /// Answers every request: 404 for what nobody knows, 405 with Allow, OPTIONS by itself. What it
    /// gives is to be kept until the reply is called; null: nothing that could be ended.
    std::unique_ptr<Errand> handle(Request request, Reply reply) const;

    /// Where a WebSocket at this path goes; null: no feed there.
    [[nodiscard]] Feed* feed_at(Target const& target) const;

    [[nodiscard]] Origins const& origins() const noexcept { return origins_; }

    /// Others from the next request on.
    void set_origins(Origins origins) { origins_ = std::move(origins); }
    [[nodiscard]] WallTime now() const { return clock_.now().wall; }

private:
    struct Entry {
        Method method;
        std::vector<std::string_view> segments;  ///< `{name}` stands for any.
        ErrandRoute route;
    };
    struct FeedEntry {
        std::string path;
        Feed* feed;
    };

    void answer_without_route(Request const& request, Reply reply) const;
    [[nodiscard]] std::string allowed_methods(Target const& target) const;
    [[nodiscard]] Response refuse_method(Request const& request, std::string const& allowed) const;

    Clock const& clock_;
    Origins origins_;
    std::vector<Entry> entries_;
    std::vector<FeedEntry> feeds_;
    Fallback fallback_;
};

}  // namespace muster
