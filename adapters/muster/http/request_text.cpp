#include <muster/http/request_text.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <muster/base/ascii.hpp>
#include <muster/domain/http_header_rules.hpp>
#include <muster/http/header_fields.hpp>

namespace muster {
namespace {

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
    auto const named = check_header_name(header.name);
    return named ? check_header_value(header.name, header.value) : named;
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
