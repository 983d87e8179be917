#include <cli/client/hub_address.hpp>

#include <muster/config/values.hpp>

namespace muster {
namespace {

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
    return url;
}

std::string without_line_ends(std::string text) {
    constexpr char const* kEnds = " \t\r\n";
    text.erase(0, text.find_first_not_of(kEnds));
    text.erase(text.find_last_not_of(kEnds) + 1);
    return text;
}

/// Letters, digits and `-._~` need no escape (RFC 3986 section 2.3).
bool is_unreserved(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') ||
           std::string_view("-._~").find(character) != std::string_view::npos;
}

}  // namespace

Result<HubAddress> hub_address(HubChoice const& choice,
                               std::optional<std::string> const& token_text,
                               config::Configuration const& fallback) {
    auto url =
        url_of_hub(choice.hub.value_or(fallback.hub_url), choice.hub ? "--hub" : "MUSTER_URL");
    if (!url) {
        return tl::unexpected(std::move(url.error()));
    }
    auto token = choice.token ? *choice.token : fallback.token.value_or("");
    std::string name = "--token";
    if (token_text) {
        token = without_line_ends(*token_text);
        name = "the file of --token-file";
        if (token.empty()) {
            return failure(Errc::invalid, name + " is empty: put the hub's token into it");
        }
    }
    if (!config::is_visible_ascii(token)) {
        return failure(Errc::invalid,
                       name + " wants visible ASCII characters without spaces, at most 1000");
    }
    return HubAddress{*std::move(url), std::move(token), choice.timeout};
}

std::string path_segment(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (char const character : text) {
        if (is_unreserved(character)) {
            out += character;
        } else {
            auto const byte = static_cast<unsigned char>(character);
            out += '%';
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 0xfU];
        }
    }
    return out;
}

std::string call_path(std::string_view path,
                      std::vector<std::pair<std::string_view, std::string>> const& query) {
    std::string out(path);
    char separator = '?';
    for (auto const& [key, value] : query) {
        if (!value.empty()) {
            out += separator;
            out += key;
            out += '=';
            out += path_segment(value);
            separator = '&';
        }
    }
    return out;
}

}  // namespace muster
