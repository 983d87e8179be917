#include <muster/importing/source_map.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <muster/base/ascii.hpp>

namespace muster::importing {
namespace {

constexpr int kMostMerges = 8;  ///< Levels of maps that are merged into one another.

}  // namespace

SourceMap::SourceMap(YamlNode node) : node_(node) {
    take(node, 0);
}

void SourceMap::take(YamlNode map, int levels) {
    if (map.kind() != NodeKind::map || levels > kMostMerges) {
        return;
    }
    std::vector<YamlNode> merged;
    std::set<std::string_view> known;
    for (auto const& field : fields_) {
        known.insert(field.key);
    }
    for (auto at = map.begin(); at != map.end(); ++at) {
        auto const name = *at;
        auto const value = *++at;
        if (name.kind() != NodeKind::scalar) {
            continue;
        }
        if (name.text() == "<<" && name.is_plain()) {
            merged.push_back(value);
            continue;
        }
        if (known.insert(name.text()).second) {
            fields_.push_back({name.text(), name.line(), value});
        }
    }
    for (auto const source : merged) {
        if (source.kind() == NodeKind::list) {
            for (auto const one : source) {
                take(one, levels + 1);
            }
        } else {
            take(source, levels + 1);
        }
    }
}

YamlNode const* SourceMap::find(std::string_view key) const noexcept {
    for (auto const& field : fields_) {
        if (field.key == key) {
            bool const is_null =
                field.value.kind() == NodeKind::nothing ||
                (field.value.kind() == NodeKind::scalar && field.value.is_plain() &&
                 (field.value.text() == "null" || field.value.text() == "~"));
            return is_null ? nullptr : &field.value;
        }
    }
    return nullptr;
}

int SourceMap::line_of(std::string_view key) const noexcept {
    for (auto const& field : fields_) {
        if (field.key == key) {
            return field.line;
        }
    }
    return 0;
}

YamlNode const* SourceMap::find_any(std::vector<std::string_view> const& keys) const noexcept {
    for (auto const key : keys) {
        if (auto const* value = find(key)) {
            return value;
        }
    }
    return nullptr;
}

std::string_view SourceMap::text(std::string_view key) const noexcept {
    auto const* value = find(key);
    return value == nullptr ? std::string_view() : value->text();
}

std::optional<bool> SourceMap::flag(std::string_view key) const {
    auto const* value = find(key);
    return value == nullptr ? std::nullopt : truth_of(value->text());
}

SourceMap SourceMap::map(std::string_view key) const {
    static config::YamlTree const kNothing;
    auto const* value = find(key);
    return SourceMap(value == nullptr ? kNothing.root() : *value);
}

std::optional<bool> truth_of(std::string_view word) {
    auto const lower = in_lower_case(word);
    if (lower == "true" || lower == "1" || lower == "yes" || lower == "on" || lower == "y") {
        return true;
    }
    if (lower == "false" || lower == "0" || lower == "no" || lower == "off" || lower == "n") {
        return false;
    }
    return std::nullopt;
}

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc{} || stopped != end || !std::isfinite(number)) {
        return std::nullopt;
    }
    return number;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stopped != end) {
        return std::nullopt;
    }
    return value;
}

std::vector<YamlNode> items_of(YamlNode node) {
    std::vector<YamlNode> items;
    if (node.kind() == NodeKind::scalar) {
        items.push_back(node);
    } else if (node.kind() == NodeKind::list) {
        for (auto const item : node) {
            if (item.kind() == NodeKind::scalar) {
                items.push_back(item);
            }
        }
    }
    return items;
}

}  // namespace muster::importing
