#include <muster/importing/request_parts.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/domain/http_header_rules.hpp>
#include <muster/domain/text_pattern.hpp>
#include <muster/importing/source_map.hpp>
#include <muster/importing/wildcards.hpp>

namespace muster::importing {

void add_header(Draft& draft, HttpDraft& http, std::string_view name, std::string_view value) {
    auto const text = std::string(trimmed(value));
    auto const named = "header " + std::string(name);
    auto checked = check_header_name(name);
    if (checked && text.find("${") == std::string::npos) {
        checked = check_header_value(name, text);
    }
    if (!checked) {
        draft.lose(named, "is not sent: " + checked.error().message, "do without it");
        return;
    }
    bool const is_there = std::any_of(
        http.headers.begin(), http.headers.end(),
        [name](HttpHeader const& header) { return same_header_name(header.name, name); });
    if (is_there) {
        draft.lose(named, "is there twice: the first one is sent", "");
        return;
    }
    http.headers.push_back({std::string(name), text});
}

bool set_method(Draft& draft, HttpDraft& http, std::string_view method) {
    auto word = in_lower_case(trimmed(method));
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    auto const known = parse_enum<HttpMethod>(word);
    if (!known && !word.empty()) {
        draft.leave_out("method " + word, "is not sent by checks: they send GET, HEAD and POST",
                        "check a path of the same server that answers to one of these");
        return false;
    }
    http.method = known.value_or(HttpMethod::get);
    return true;
}

void set_body(Draft& draft, HttpDraft& http, std::string body) {
    if (body.empty()) {
        return;
    }
    if (http.method != HttpMethod::post) {
        draft.lose("body", "is not sent: it goes with the method POST only",
                   "ask with POST, or do without the body");
        return;
    }
    http.body = std::move(body);
}

void expect_text(Draft& draft, HttpDraft& http, std::string const& text, std::string const& what) {
    if (text.empty() || http.contains == text) {
        return;
    }
    if (http.contains.empty()) {
        http.contains = text;
        return;
    }
    auto expression = exactly(text);
    expression = expression.substr(1, expression.size() - 2);  // anywhere in the body
    expect_match(draft, http, expression, what);
}

void expect_match(Draft& draft, HttpDraft& http, std::string const& expression,
                  std::string const& what) {
    if (http.matches == expression) {
        return;
    }
    if (!http.matches.empty()) {
        draft.lose(what, "is left out: a check has one text and one expression for the body",
                   "make a second service of it");
        return;
    }
    if (auto const compiled = TextPattern::compile(expression); !compiled) {
        draft.lose(what, "is left out: it is no RE2 expression: " + compiled.error().message,
                   "write it in another way under expect.matches");
        return;
    }
    http.matches = expression;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "-._~";
    std::string out;
    for (char const character : text) {
        auto const byte = static_cast<unsigned char>(character);
        bool const is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                               (byte >= '0' && byte <= '9');
        if (is_letter || kPlain.find(character) != std::string_view::npos) {
            out += character;
        } else {
            out += '%';
            out += kHex[byte >> 4U];
            out += kHex[byte & 0x0FU];
        }
    }
    return out;
}

std::string endpoint_text(std::string_view host, std::string_view port) {
    bool const is_bare_v6 = std::count(host.begin(), host.end(), ':') > 1 && host.front() != '[';
    return (is_bare_v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" +
           std::string(port);
}

}  // namespace muster::importing
