#include <muster/http/request_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include <muster/base/utf8.hpp>
#include <muster/http/header_fields.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxShown = 60;  ///< Bytes of a header's name in messages.

constexpr std::string_view kByConnection = "say 'connection: reuse' or 'connection: fresh'";
constexpr std::string_view kByBody = "it follows from the body";
constexpr std::string_view kNotSpoken = "a check does not speak it";

/// Headers that are not the user's to give, and why.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOurs{{
    {"connection", kByConnection},
    {"keep-alive", kByConnection},
    {"proxy-connection", kByConnection},
    {"content-length", kByBody},
    {"transfer-encoding", kByBody},
    {"trailer", kByBody},
    {"te", kNotSpoken},
    {"upgrade", kNotSpoken},
    {"expect", kNotSpoken},
}};

bool is_token(std::string_view name) noexcept {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char character) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
               (character >= 'A' && character <= 'Z') ||
               kMarks.find(character) != std::string_view::npos;
    });
}

/// CR and LF would begin another header; NUL and its like no server agrees about.
bool has_control(std::string_view value) noexcept {
    return std::any_of(value.begin(), value.end(), [](char character) {
        auto const byte = static_cast<unsigned char>(character);
        return (byte < 0x20 && byte != '\t') || byte == 0x7F;
    });
}

std::string_view content_type_of(std::string_view body) noexcept {
    auto const start = body.find_first_not_of(" \t\r\n");
    bool const is_json =
        start != std::string_view::npos && (body[start] == '{' || body[start] == '[');
    return is_json ? "application/json" : "text/plain; charset=utf-8";
}

void append_line(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

Result<void> check_header(HttpHeader const& header) {
    if (!is_token(header.name)) {
        return failure(Errc::invalid,
                       fmt::format("'{}' is no name of a header: it has letters, digits and dashes",
                                   clean_text(header.name, kMaxShown)));
    }
    auto const name = clean_text(header.name, kMaxShown);
    if (has_control(header.value)) {
        return failure(Errc::invalid,
                       fmt::format("the value of header '{}' has a line end or another control "
                                   "character",
                                   name));
    }
    for (auto const& [ours, why] : kOurs) {
        if (equal_ignoring_case(header.name, ours)) {
            return failure(Errc::invalid,
                           fmt::format("header '{}' cannot be given: {}", name, why));
        }
    }
    bool const is_host = equal_ignoring_case(header.name, "host");
    if (is_host &&
        (header.value.empty() || header.value.find_first_of(" \t,/@") != std::string::npos)) {
        return failure(Errc::invalid, "header 'Host' is a name, or a name and a port");
    }
    return {};
}

}  // namespace

std::string request_text(Url const& url, RequestOptions const& options) {
    auto const given = [&options](std::string_view name) {
        return find_header(options.headers, name);
    };
    std::string text;
    text.append(to_string(options.method)).append(" ").append(url.target).append(" HTTP/1.1\r\n");
    auto const* const host = given("host");
    append_line(text, "Host", host != nullptr ? host->value : host_header(url));
    if (given("user-agent") == nullptr) {
        append_line(text, "User-Agent", options.user_agent);
    }
    if (given("accept") == nullptr) {
        append_line(text, "Accept", options.accept);
    }
    if (!url.user_info.empty() && given("authorization") == nullptr) {
        append_line(text, "Authorization", "Basic " + base64(percent_decoded(url.user_info)));
    }
    for (auto const& header : options.headers) {
        if (&header != host) {
            append_line(text, header.name, trim_blanks(header.value));
        }
    }
    if (!options.body.empty() && given("content-type") == nullptr) {
        append_line(text, "Content-Type", content_type_of(options.body));
    }
    if (!options.body.empty() || options.method == HttpMethod::post) {  // RFC 9110 section 8.6
        append_line(text, "Content-Length", std::to_string(options.body.size()));
    }
    append_line(text, "Connection", options.keep ? "keep-alive" : "close");
    text.append("\r\n").append(options.body);
    return text;
}

Result<void> check_headers(std::span<HttpHeader const> headers) {
    std::size_t hosts = 0;
    for (auto const& header : headers) {
        auto checked = check_header(header);
        if (!checked) {
            return checked;
        }
        hosts += equal_ignoring_case(header.name, "host") ? 1 : 0;
    }
    if (hosts > 1) {
        return failure(Errc::invalid, "header 'Host' is given twice");
    }
    return {};
}

HttpHeader const* find_header(std::span<HttpHeader const> headers, std::string_view name) noexcept {
    auto const found = std::find_if(headers.begin(), headers.end(), [name](auto const& header) {
        return equal_ignoring_case(header.name, name);
    });
    return found == headers.end() ? nullptr : &*found;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        auto const group = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t index = 0; index < 3; ++index) {
            auto const byte =
                index < group.size() ? static_cast<unsigned char>(group[index]) : std::uint8_t{0};
            bits = (bits << 8U) | byte;
        }
        for (std::size_t index = 0; index < 4; ++index) {
            auto const digit = (bits >> (18 - 6 * index)) & 63U;
            text.push_back(index <= group.size() ? kDigits[digit] : '=');
        }
    }
    return text;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned value = 0;
        if (text[at] == '%' && at + 2 < text.size()) {
            auto const* const digits = text.data() + at + 1;
            auto const [end, error] = std::from_chars(digits, digits + 2, value, 16);
            if (error == std::errc{} && end == digits + 2) {
                decoded.push_back(static_cast<char>(value));
                at += 2;
                continue;
            }
        }
        decoded.push_back(text[at]);
    }
    return decoded;
}

}  // namespace muster
