#include <muster/config/source_lines.hpp>

#include <algorithm>

namespace muster::config {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view line_without_comment(std::string_view row) noexcept {
    for (auto at = row.find('#'); at != std::string_view::npos; at = row.find('#', at + 1)) {
        if (at == 0 || kBlanks.find(row[at - 1]) != std::string_view::npos) {
            return row.substr(0, at);
        }
    }
    return row;
}

bool starts_with_null(std::string_view row) noexcept {
    auto const word = row.substr(0, row.find_first_of(" \t\r,]}:"));
    return word == "~" || word == "null" || word == "Null" || word == "NULL";
}

}  // namespace

SourceLines::SourceLines(std::string_view text) {
    while (!text.empty()) {
        auto const length = std::min(text.find('\n'), text.size());
        lines_.push_back(text.substr(0, length));
        text.remove_prefix(std::min(length + 1, text.size()));
    }
}

Place SourceLines::place_of_nothing(Place place) const {
    auto const count = static_cast<int>(lines_.size());
    if (place.line > count) {
        place = {count + 1, 1};
    } else {
        auto const row = lines_[static_cast<std::size_t>(place.line - 1)];
        auto const at = static_cast<std::size_t>(place.column - 1);
        if (at < row.size() && starts_with_null(row.substr(at))) {
            return place;
        }
    }
    auto end = static_cast<std::size_t>(place.column - 1);
    for (int line = place.line; line > 0; --line) {
        if (line <= count) {
            auto const row =
                line_without_comment(lines_[static_cast<std::size_t>(line - 1)]).substr(0, end);
            auto const last = row.find_last_not_of(kBlanks);
            if (last != std::string_view::npos) {
                return {line, static_cast<int>(last) + 1};
            }
        }
        end = std::string_view::npos;
    }
    return {};
}

}  // namespace muster::config
