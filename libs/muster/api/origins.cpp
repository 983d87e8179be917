#include <muster/api/origins.hpp>

#include <algorithm>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/domain/url.hpp>

namespace muster {
Origins::Origins(std::vector<std::string> listed)
    : listed_(std::move(listed)),
      any_(std::find(listed_.begin(), listed_.end(), "*") != listed_.end()) {}

std::string Origins::read_headers(std::string_view origin) const {
    if (any_) {
        return "Access-Control-Allow-Origin: *\r\n";
    }
    if (lists(origin)) {
        // Listed, so it holds no line breaks.
        return "Access-Control-Allow-Origin: " + std::string(origin) + "\r\nVary: Origin\r\n";
    }
    return "Vary: Origin\r\n";
}

bool Origins::admits_socket(std::string_view origin, std::string_view host) const {
    if (origin.empty() || any_ || lists(origin)) {
        return true;
    }
    auto const page = parse_url(origin);
    if (!page) {
        return false;
    }
    auto const authority = origin.substr(origin.find("://") + 3);
    return is_loopback(page->host) || equal_ignoring_case(authority, host);
}

bool Origins::admits_change(std::string_view origin, std::string_view host) const {
    if (origin.empty() || (origin != "*" && lists(origin))) {
        return true;
    }
    auto const scheme_end = origin.find("://");
    return scheme_end != std::string_view::npos && !host.empty() &&
           equal_ignoring_case(origin.substr(scheme_end + 3), host);
}

bool Origins::lists(std::string_view origin) const {
    return std::any_of(listed_.begin(), listed_.end(), [origin](std::string const& listed) {
        return equal_ignoring_case(listed, origin);
    });
}

}  // namespace muster
