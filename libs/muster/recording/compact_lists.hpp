#pragma once

// Private to this library: lists and maps of stored fields.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <muster/recording/compact.hpp>

namespace muster::compact {

/// At most kMaxItems; the rest is left out.
template <class T, class Put>
void put_items(Writer& out, std::vector<T> const& items, Put put) {
    auto const count = std::min(items.size(), kMaxItems);
    out.unsigned_number(count);
    for (std::size_t index = 0; index < count; ++index) {
        put(items[index]);
    }
}

/// Items that take at least `item_bytes` each.
template <class T, class Get>
[[nodiscard]] std::vector<T> get_items(Reader& in, std::size_t item_bytes, Get get) {
    std::vector<T> items;
    for (auto left = in.count(item_bytes); left > 0 && in.ok(); --left) {
        items.push_back(get());
    }
    return items;
}

inline void put_list(Writer& out, std::vector<std::string> const& items) {
    put_items(out, items, [&out](std::string const& item) { out.text(item, kMaxItemText); });
}

[[nodiscard]] inline std::vector<std::string> get_list(Reader& in) {
    return get_items<std::string>(in, 1, [&in] { return in.text(); });
}

inline void put_texts(Writer& out, std::map<std::string, std::string> const& texts) {
    auto left = std::min(texts.size(), kMaxItems);
    out.unsigned_number(left);
    for (auto const& [name, text] : texts) {
        if (left-- == 0) {
            break;
        }
        out.text(name, kMaxItemText);
        out.text(text, kMaxItemText);
    }
}

[[nodiscard]] inline std::map<std::string, std::string> get_texts(Reader& in) {
    std::map<std::string, std::string> texts;
    for (auto left = in.count(2); left > 0 && in.ok(); --left) {
        auto name = in.text();
        auto text = in.text();
        texts.emplace_hint(texts.end(), std::move(name), std::move(text));
    }
    return texts;
}

}  // namespace muster::compact
