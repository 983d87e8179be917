#include <muster/api/read_guard.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <muster/api/badge.hpp>
#include <muster/api/bearer.hpp>
#include <muster/api/html_text.hpp>

namespace muster {
namespace {

/// Who is open: load balancers and service managers ask whether we live and can work.
bool is_open(Request const& request) {
    constexpr std::array<std::string_view, 3> kOpen{"/health", "/ready", "/status.css"};
    // A preflight is sent without credentials and tells only which methods there are.
    return request.method == Method::options ||
           std::find(kOpen.begin(), kOpen.end(), request.target.path) != kOpen.end();
}

bool asks_for_json(Request const& request) {
    auto const& query = request.target.query;
    return std::any_of(query.begin(), query.end(), [](QueryParameter const& parameter) {
        return parameter.name == "format" && parameter.value == "json";
    });
}

Response text_refusal(std::string_view why) {
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.headers = "Cache-Control: no-cache\r\n";
    response.body.head = std::string(why) + "\n";
    return response;
}

Response badge_refusal() {
    Response response;
    response.content_type = "image/svg+xml; charset=utf-8";
    response.headers = "Cache-Control: no-cache\r\n";
    response.body.head = badge_svg({"muster", "token needed", Badge::Tone::neutral});
    return response;
}

/// A link from here is of the same site: unlike one from elsewhere it takes the session along.
Response page_refusal() {
    return html_page("Token needed",
                     "<h1>Token needed</h1><p>What this hub shows is for those who have its token. "
                     "<a href=\"/\">Sign in on its page</a>, then <a href=\"\">open this "
                     "again</a>.</p>",
                     0);
}

Response refusal(Request const& request, std::string_view why, WallTime now) {
    auto const& segments = request.target.segments;
    auto const family = segments.empty() ? std::string_view() : std::string_view(segments.front());
    Response response;
    if (family == "metrics") {
        response = text_refusal(why);
    } else if (family == "badge") {
        response = badge_refusal();
    } else if (family == "status" || (family == "report" && !asks_for_json(request))) {
        response = page_refusal();
    } else {
        return refuse_unauthorized(why, now);
    }
    response.status = 401;
    add_challenge(response);
    return response;
}

}  // namespace

ReadGuard::ReadGuard(Options options)
    : asked_(Asked{options.token, ReadSession(options.token, std::move(options.sign)),
                   Origins(std::move(options.origins))}) {}

std::optional<Response> ReadGuard::refuse(Request const& request, WallTime now) const {
    if (!asked_ || is_open(request)) {
        return std::nullopt;
    }
    auto const why = why_not_authorized(request, asked_->token);
    if (!why) {
        return std::nullopt;
    }
    // Browsers take a cookie along for pages of the same host on other ports too, and the answer to
    // a WebSocket is shown to whoever opened it: the page must be ours or one that is listed.
    if (request.authorization.empty() && asked_->session.holds(request.cookie, now) &&
        asked_->origins.admits_change(request.origin, request.host)) {
        return std::nullopt;
    }
    return refusal(request, *why, now);
}

ReadSession const* ReadGuard::session() const noexcept {
    return asked_ ? &asked_->session : nullptr;
}

}  // namespace muster
