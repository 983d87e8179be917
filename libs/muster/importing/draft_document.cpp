#include <muster/importing/draft_document.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include <muster/domain/http_header_rules.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster::importing {
namespace {

using config::Document;
using List = Document::List;
using Map = Document::Map;

Document number(std::uint64_t value) {
    return Document::Bare{std::to_string(value)};
}

/// Headers whose values are no secret; of any other nobody knows.
bool is_harmless(std::string_view header) {
    constexpr std::array<std::string_view, 16> kHarmless{"accept",
                                                         "accept-charset",
                                                         "accept-encoding",
                                                         "accept-language",
                                                         "cache-control",
                                                         "content-type",
                                                         "dnt",
                                                         "from",
                                                         "host",
                                                         "if-none-match",
                                                         "origin",
                                                         "pragma",
                                                         "range",
                                                         "referer",
                                                         "user-agent",
                                                         "x-requested-with"};
    return std::any_of(kHarmless.begin(), kHarmless.end(), [header](std::string_view known) {
        return same_header_name(known, header);
    });
}

bool is_word(char character) noexcept {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '_' || character == '-';
}

/// Whether any word of a body goes by a name that a secret has.
bool names_secrets(std::string_view body) {
    for (std::size_t at = 0; at < body.size();) {
        auto end = at;
        while (end < body.size() && is_word(body[end])) {
            ++end;
        }
        if (end > at && names_a_secret(body.substr(at, end - at))) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

Document json_value(JsonScalar const& value) {
    struct Writer {
        Document operator()(std::monostate) const { return Document::Bare{"null"}; }
        Document operator()(bool flag) const { return flag; }
        Document operator()(double number) const {
            std::array<char, 32> buffer{};
            auto const [end, error] =
                std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
            return Document::Bare{std::string(buffer.data(), end)};
        }
        Document operator()(std::string const& text) const { return text; }
    };
    return std::visit(Writer{}, value);
}

class ServiceWriter {
public:
    ServiceWriter(GivenTo const& names, VariableNames& variables)
        : names_(names), variables_(variables) {}

    Document operator()(HttpDraft const& http) {
        Map map{{"http", url(http)}};
        if (http.method != HttpMethod::get) {
            map.emplace_back("method", to_string(http.method));
        }
        Map headers;
        for (auto const& header : http.headers) {
            headers.emplace_back(header.name,
                                 is_harmless(header.name)
                                     ? header.value
                                     : hidden(header.value, header.name, "header " + header.name));
        }
        if (!headers.empty()) {
            map.emplace_back("headers", std::move(headers));
        }
        if (!http.body.empty()) {
            map.emplace_back(
                "body", names_secrets(http.body) ? hidden(http.body, "BODY", "body") : http.body);
        }
        if (auto expect = expectation(http); !expect.empty()) {
            map.emplace_back("expect", std::move(expect));
        }
        if (auto tls = tls_of(http); !tls.empty()) {
            map.emplace_back("tls", std::move(tls));
        }
        if (http.redirects > 0) {
            map.emplace_back("redirects", number(http.redirects));
        }
        add_ip(map, http.ip);
        return map;
    }

    Document operator()(TcpDraft const& tcp) const {
        Map map{{"tcp", tcp.endpoint}};
        add_ip(map, tcp.ip);
        return map;
    }

private:
    /// The variable that stands for a secret; what asks for variables already is none.
    std::string hidden(std::string const& text, std::string_view part, std::string const& what) {
        if (text.empty() || !variables_in(text).empty()) {
            return text;
        }
        std::string secret;  // as it is, not as a file of ours spells it
        for (std::size_t at = 0; at < text.size(); ++at) {
            secret += text[at];
            at += std::string_view(text).substr(at, 3) == "$${" ? 1 : 0;
        }
        return "${" +
               variables_.name_for(secret, {names_.project, names_.service, part},
                                   what + " of " + names_.project + "/" + names_.service) +
               "}";
    }

    std::string url(HttpDraft const& http) {
        auto text = http.url;
        auto const scheme = text.find("://");
        if (scheme == std::string::npos) {
            return text;
        }
        auto const start = scheme + 3;
        auto const authority = text.substr(start, text.find_first_of("/?#", start) - start);
        auto login = http.login;
        auto rest = text.substr(start);
        if (auto const at = authority.rfind('@'); at != std::string::npos) {
            auto const colon = std::min(authority.find(':'), at);
            if (!login) {
                login = Login{authority.substr(0, colon),
                              colon < at ? authority.substr(colon + 1, at - colon - 1) : ""};
            }
            rest.erase(0, at + 1);
        }
        auto out = text.substr(0, start);
        if (login) {
            out += login->user;
            out += login->password.empty() ? ""
                                           : ":" + hidden(login->password, "PASSWORD", "password");
            out += '@';
        }
        return out + with_hidden_parameters(rest);
    }

    /// The values of secret parameters become variables.
    std::string with_hidden_parameters(std::string const& target) {
        auto const query = target.find('?');
        if (query == std::string::npos) {
            return target;
        }
        auto out = target.substr(0, query + 1);
        auto const end = std::min(target.find('#', query), target.size());
        for (auto at = query + 1; at <= end;) {
            auto const stop = std::min(target.find('&', at), end);
            auto const field = target.substr(at, stop - at);
            auto const equals = field.find('=');
            if (equals != std::string::npos && names_a_secret(field.substr(0, equals))) {
                auto const name = field.substr(0, equals);
                out += name + "=" + hidden(field.substr(equals + 1), name, "parameter " + name);
            } else {
                out += field;
            }
            out += stop < end ? "&" : "";
            at = stop + 1;
        }
        return out;
    }

    static Map expectation(HttpDraft const& http) {
        Map map;
        List status;
        for (auto const& range : http.status) {
            status.push_back(
                range.first == range.last
                    ? number(range.first)
                    : Document(std::to_string(range.first) + "-" + std::to_string(range.last)));
        }
        if (!status.empty()) {
            map.emplace_back("status", std::move(status));
        }
        if (!http.contains.empty()) {
            map.emplace_back("body", http.contains);
        }
        if (!http.matches.empty()) {
            map.emplace_back("matches", http.matches);
        }
        List conditions;
        for (auto const& condition : http.json) {
            conditions.push_back(
                Map{{"field", condition.field},
                    {std::string(to_string(condition.test)), json_value(condition.value)}});
        }
        if (!conditions.empty()) {
            map.emplace_back("json", std::move(conditions));
        }
        return map;
    }

    static Map tls_of(HttpDraft const& http) {
        Map map;
        if (!http.verify) {
            map.emplace_back("verify", false);
        }
        if (!http.server_name.empty()) {
            map.emplace_back("serverName", http.server_name);
        }
        if (!http.ca_file.empty()) {
            map.emplace_back("ca", http.ca_file);
        }
        return map;
    }

    static void add_ip(Map& map, IpFamily ip) {
        if (ip != IpFamily::any) {
            map.emplace_back("ip", to_string(ip));
        }
    }

    GivenTo const& names_;
    VariableNames& variables_;
};

}  // namespace

Document service_document(Draft const& draft, GivenTo const& names, VariableNames& variables) {
    Map map{{"name", names.service}};
    if (draft.type != ServiceType::other) {
        map.emplace_back("type", to_string(draft.type));
    }
    map.emplace_back("probe", std::visit(ServiceWriter(names, variables), draft.probe));
    if (draft.interval) {
        map.emplace_back("interval", format_duration(*draft.interval));
    }
    if (draft.timeout) {
        map.emplace_back("timeout", format_duration(*draft.timeout));
    }
    if (draft.retries) {
        map.emplace_back("retries", number(*draft.retries));
    }
    if (draft.success_threshold) {
        map.emplace_back("successThreshold", number(*draft.success_threshold));
    }
    if (!draft.group.empty()) {
        map.emplace_back("group", draft.group);
    }
    if (!draft.tags.empty()) {
        map.emplace_back("tags", List(draft.tags.begin(), draft.tags.end()));
    }
    Map metadata;
    for (auto const& [key, value] : draft.metadata) {
        metadata.emplace_back(key, value);
    }
    if (!metadata.empty()) {
        map.emplace_back("metadata", std::move(metadata));
    }
    return map;
}

std::string all_texts(Draft const& draft) {
    std::string texts;
    auto const add = [&texts](std::string const& text) { texts += text + "\n"; };
    if (auto const* http = std::get_if<HttpDraft>(&draft.probe)) {
        add(http->url);
        add(http->body);
        add(http->contains);
        add(http->matches);
        add(http->ca_file);
        add(http->server_name);
        if (http->login) {
            add(http->login->user);
            add(http->login->password);
        }
        for (auto const& header : http->headers) {
            add(header.value);
        }
        for (auto const& condition : http->json) {
            add(condition.field);
            if (auto const* text = std::get_if<std::string>(&condition.value)) {
                add(*text);
            }
        }
    } else if (auto const* tcp = std::get_if<TcpDraft>(&draft.probe)) {
        add(tcp->endpoint);
    }
    add(draft.group);
    for (auto const& tag : draft.tags) {
        add(tag);
    }
    for (auto const& [key, value] : draft.metadata) {
        add(value);
    }
    return texts;
}

}  // namespace muster::importing
