#include <muster/api/message.hpp>

#include <algorithm>

namespace muster {

std::string_view Request::parameter(std::string_view name) const noexcept {
    for (auto const& [known, segment] : parameters) {
        if (known == name && segment < target.segments.size()) {
            return target.segments[segment];
        }
    }
    return {};
}

std::string Body::text() const {
    return head + (shared ? *shared : std::string()) + tail;
}

void Response::add_header(std::string_view name, std::string_view value) {
    headers += name;
    headers += ": ";
    auto const start = static_cast<std::ptrdiff_t>(headers.size());
    headers += value;
    std::replace_if(
        headers.begin() + start, headers.end(),
        [](char character) { return character == '\r' || character == '\n' || character == '\0'; },
        ' ');
    headers += "\r\n";
}

std::string_view Response::header(std::string_view name) const noexcept {
    std::string_view rest = headers;
    while (!rest.empty()) {
        auto const line = rest.substr(0, rest.find("\r\n"));
        if (line.size() > name.size() + 1 && line.substr(0, name.size()) == name &&
            line.substr(name.size(), 2) == ": ") {
            return line.substr(name.size() + 2);
        }
        rest.remove_prefix(std::min(line.size() + 2, rest.size()));
    }
    return {};
}

std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 426:
            return "Upgrade Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Unknown";
    }
}

}  // namespace muster
