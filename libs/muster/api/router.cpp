#include <muster/api/router.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/query_reader.hpp>

namespace muster {
namespace {

std::vector<std::string_view> split(std::string_view pattern) {
    std::vector<std::string_view> segments;
    while (pattern.size() > 1) {
        pattern.remove_prefix(1);
        auto const end = std::min(pattern.find('/'), pattern.size());
        segments.push_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return segments;
}

bool is_placeholder(std::string_view segment) noexcept {
    return !segment.empty() && segment.front() == '{';
}

bool fits(std::vector<std::string_view> const& pattern, Target const& target) noexcept {
    return std::equal(pattern.begin(), pattern.end(), target.segments.begin(),
                      target.segments.end(),
                      [](std::string_view expected, std::string const& segment) {
                          return is_placeholder(expected) ? !segment.empty() : expected == segment;
                      });
}

bool takes(Method route, Method asked) noexcept {
    return route == asked || (route == Method::get && asked == Method::head);
}

}  // namespace

Router::Router(Clock const& clock, Origins origins) : clock_(clock), origins_(std::move(origins)) {}

void Router::add(Method method, std::string_view pattern, Route route) {
    add_later(method, pattern, [route = std::move(route)](Request const& request, Reply reply) {
        reply(route(request));
    });
}

void Router::add_later(Method method, std::string_view pattern, LaterRoute route) {
    entries_.push_back({method, split(pattern), std::move(route)});
}

void Router::add_feed(std::string_view path, Feed& feed) {
    feeds_.push_back({std::string(path), &feed});
}

void Router::set_fallback(Fallback fallback) {
    fallback_ = std::move(fallback);
}

Feed* Router::feed_at(Target const& target) const {
    for (auto const& entry : feeds_) {
        if (entry.path == target.path) {
            return entry.feed;
        }
    }
    return nullptr;
}

std::optional<Response> Router::refuse_read(Request const& request) const {
    auto refused = read_guard_.refuse(request, now());
    if (refused) {
        refused->headers += origins_.read_headers(request.origin);
    }
    return refused;
}

void Router::handle(Request request, Reply reply) const {
    if (auto refused = refuse_read(request)) {
        auto page = fallback_ && !knows(request.target) ? fallback_(request) : std::nullopt;
        reply(page ? std::move(*page) : std::move(*refused));
        return;
    }
    for (auto const& entry : entries_) {
        if (!takes(entry.method, request.method) || !fits(entry.segments, request.target)) {
            continue;
        }
        for (std::size_t index = 0; index < entry.segments.size(); ++index) {
            auto const segment = entry.segments[index];
            if (is_placeholder(segment)) {
                request.parameters.emplace_back(segment.substr(1, segment.size() - 2), index);
            }
        }
        auto finish = [open = origins_.read_headers(request.origin),
                       reply = std::move(reply)](Response response) mutable {
            response.headers += open;
            reply(std::move(response));
        };
        entry.route(request, std::move(finish));
        return;
    }
    answer_without_route(request, std::move(reply));
}

void Router::answer_without_route(Request const& request, Reply reply) const {
    if (auto const allowed = allowed_methods(request.target); !allowed.empty()) {
        reply(refuse_method(request, allowed));
        return;
    }
    if (fallback_) {
        if (auto page = fallback_(request)) {
            reply(std::move(*page));
            return;
        }
    }
    auto response = refuse(404, "No such path: " + in_quotes(request.target.path), now());
    response.headers += origins_.read_headers(request.origin);
    reply(std::move(response));
}

/// Whether a route or a feed is there, whatever the method.
bool Router::knows(Target const& target) const {
    return feed_at(target) != nullptr ||
           std::any_of(entries_.begin(), entries_.end(),
                       [&target](Entry const& entry) { return fits(entry.segments, target); });
}

std::string Router::allowed_methods(Target const& target) const {
    std::string allowed;
    auto const allow = [&allowed](Method method) {
        allowed += allowed.empty() ? "" : ", ";
        allowed += to_string(method);
    };
    constexpr std::array kMethods{Method::get, Method::head,  Method::post,
                                  Method::put, Method::patch, Method::del};
    for (auto const method : kMethods) {
        auto const known = [&](Entry const& entry) {
            return takes(entry.method, method) && fits(entry.segments, target);
        };
        if (std::any_of(entries_.begin(), entries_.end(), known) ||
            (method == Method::get && feed_at(target) != nullptr)) {
            allow(method);
        }
    }
    if (!allowed.empty()) {
        allow(Method::options);
    }
    return allowed;
}

/// The path is known and the method is none of its own; or it is a feed's and no WebSocket came.
Response Router::refuse_method(Request const& request, std::string const& allowed) const {
    Response response;
    if (request.method == Method::options) {
        response.status = 204;
        response.add_header("Access-Control-Allow-Methods", allowed);
        response.add_header("Access-Control-Allow-Headers", "Authorization, Content-Type");
        response.add_header("Access-Control-Max-Age", "600");
    } else if (request.method == Method::get && feed_at(request.target) != nullptr) {
        response = refuse(426, "This path speaks WebSocket only", now());
        response.add_header("Upgrade", "websocket");
    } else {
        response = refuse(405, "Only " + allowed + " can be done here", now());
    }
    response.add_header("Allow", allowed);
    response.headers += origins_.read_headers(request.origin);
    return response;
}

}  // namespace muster
