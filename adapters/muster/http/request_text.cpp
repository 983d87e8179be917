#include <muster/http/request_text.hpp>

#include <charconv>
#include <cstdint>

namespace muster {

std::string request_text(Url const& url, RequestOptions const& options) {
    std::string text;
    text.append("GET ").append(url.target).append(" HTTP/1.1\r\nHost: ").append(host_header(url));
    text.append("\r\nUser-Agent: ").append(options.user_agent);
    text.append("\r\nAccept: ").append(options.accept);
    if (!url.user_info.empty()) {
        text.append("\r\nAuthorization: Basic ").append(base64(percent_decoded(url.user_info)));
    }
    text.append("\r\nConnection: ").append(options.keep ? "keep-alive" : "close");
    text.append("\r\n\r\n");
    return text;
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
