#include <cli/plan_question.hpp>

#include <utility>

#include <muster/config/values.hpp>

namespace muster {
namespace {

constexpr std::string_view kPath = "/api/config/plan";

/// `name` is where the URL was given.
Result<Url> url_of_hub(std::string const& text, std::string const& name) {
    auto url = parse_url(text);
    if (!url) {
        return failure(Errc::invalid,
                       name + " wants a URL such as http://127.0.0.1:3001: " + url.error().message);
    }
    if (url->scheme != "http") {
        return failure(Errc::unsupported, name + ": https is not built yet: ask " + to_text(*url) +
                                              " by http on its own machine");
    }
    if (!url->user_info.empty()) {
        return failure(Errc::invalid, name + ": user and password are not sent to " +
                                          to_text(*url) + ": leave them out, and give a --token");
    }
    return with_path(*url, kPath);
}

}  // namespace

Result<PlanQuestion> plan_question(std::optional<std::string> const& hub,
                                   std::optional<std::string> const& token,
                                   config::Configuration const& fallback) {
    auto url = url_of_hub(hub.value_or(fallback.hub_url), hub ? "--hub" : "MUSTER_URL");
    if (!url) {
        return tl::unexpected(std::move(url.error()));
    }
    auto sent = token ? *token : fallback.token.value_or("");
    if (!config::is_visible_ascii(sent)) {
        return failure(Errc::invalid,
                       "--token wants visible ASCII characters without spaces, at most 1000");
    }
    return PlanQuestion{*std::move(url), std::move(sent)};
}

}  // namespace muster
