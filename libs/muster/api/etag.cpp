#include <muster/api/etag.hpp>

#include <algorithm>

namespace muster {

bool names_etag(std::string_view if_none_match, std::string_view etag) noexcept {
    auto const opaque = [](std::string_view tag) {
        return tag.substr(0, 2) == "W/" ? tag.substr(2) : tag;
    };
    while (!if_none_match.empty()) {
        auto const end = std::min(if_none_match.find(','), if_none_match.size());
        auto one = if_none_match.substr(0, end);
        if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
        auto const first = one.find_first_not_of(" \t");
        if (first == std::string_view::npos) {
            continue;
        }
        one = one.substr(first, one.find_last_not_of(" \t") - first + 1);
        if (one == "*" || opaque(one) == opaque(etag)) {
            return true;
        }
    }
    return false;
}

std::string etag_of(ReadModel const& model, std::uint64_t version) {
    return "W/\"" + std::to_string(model.position().epoch) + "-" + std::to_string(version) + "\"";
}

Response not_modified(std::string_view etag) {
    Response response;
    response.status = 304;
    response.headers = "Cache-Control: no-cache\r\n";
    response.add_header("ETag", etag);
    return response;
}

}  // namespace muster
