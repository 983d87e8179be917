#include <muster/importing/json_path.hpp>

#include <algorithm>
#include <cmath>

#include <muster/domain/json_field.hpp>
#include <muster/importing/source_map.hpp>

namespace muster::importing {

std::optional<std::string> json_path(std::string_view path) {
    std::string names;
    while (!path.empty()) {
        if (path.front() == '.') {
            path.remove_prefix(1);
            continue;
        }
        bool const is_place = path.front() == '[';
        auto const end =
            std::min(is_place ? path.find(']') : path.find_first_of(".["), path.size());
        auto const name = is_place ? path.substr(1, end - 1) : path.substr(0, end);
        if (is_place && (end == path.size() || !whole_number(name))) {
            return std::nullopt;
        }
        names += (names.empty() ? "" : ".") + std::string(name);
        path.remove_prefix(is_place ? end + 1 : end);
    }
    return names_of_json_field(names) ? std::optional(names) : std::nullopt;
}

std::optional<JsonScalar> json_scalar(std::string const& text) {
    constexpr double kMostExact = 9'007'199'254'740'992.0;  // 2^53
    if (text == "true" || text == "false") {
        return JsonScalar(text == "true");
    }
    if (auto const number = number_of(text)) {
        return std::abs(*number) <= kMostExact ? std::optional(JsonScalar(*number)) : std::nullopt;
    }
    return JsonScalar(text);
}

}  // namespace muster::importing
