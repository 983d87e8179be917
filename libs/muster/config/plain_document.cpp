#include <muster/config/plain_document.hpp>

#include <optional>
#include <utility>

#include <muster/base/ascii.hpp>

namespace muster::config {
namespace {

/// Takes digits off the front; whether there was any.
bool take_digits(std::string_view& text) noexcept {
    auto const before = text.size();
    while (!text.empty() && is_digit(text.front())) {
        text.remove_prefix(1);
    }
    return text.size() != before;
}

/// RFC 8259 section 6.
bool is_json_number(std::string_view text) noexcept {
    if (!text.empty() && text.front() == '-') {
        text.remove_prefix(1);
    }
    bool const leading_zero = text.size() > 1 && text[0] == '0' && is_digit(text[1]);
    if (leading_zero || !take_digits(text)) {
        return false;
    }
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        if (!take_digits(text)) {
            return false;
        }
    }
    if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
        text.remove_prefix(1);
        if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
            text.remove_prefix(1);
        }
        if (!take_digits(text)) {
            return false;
        }
    }
    return text.empty();
}

Document scalar_document(YamlNode node) {
    auto const text = node.text();
    if (node.is_plain()) {
        if (text.empty() || text == "~" || text == "null") {
            return Document::Bare{"null"};
        }
        if (text == "true" || text == "false" || is_json_number(text)) {
            return Document::Bare{std::string(text)};
        }
    }
    return text;
}

}  // namespace

Document plain_document(YamlNode node) {
    switch (node.kind()) {
        case NodeKind::nothing:
            return Document::Bare{"null"};
        case NodeKind::scalar:
            return scalar_document(node);
        case NodeKind::list: {
            Document::List list;
            for (auto const item : node) {
                list.push_back(plain_document(item));
            }
            return list;
        }
        case NodeKind::map: {
            Document::Map map;
            std::optional<std::string> key;
            for (auto const item : node) {
                if (key) {
                    map.emplace_back(*std::exchange(key, std::nullopt), plain_document(item));
                } else {
                    key = std::string(item.text());
                }
            }
            return map;
        }
    }
    return Document::Bare{"null"};
}

}  // namespace muster::config
