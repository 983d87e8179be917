#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace muster::config {

class Document;

/// A value as YAML and JSON know it, in the order in which it was put together. For writing only.
class Document {
public:
    using List = std::vector<Document>;
    using Map = std::vector<std::pair<std::string, Document>>;

    /// A word that stands without quotes: a number, `true`, `false` or `null`.
    struct Bare {
        std::string word;
    };

    Document(std::string text) : value_(std::move(text)) {}         // NOLINT
    Document(std::string_view text) : value_(std::string(text)) {}  // NOLINT
    Document(char const* text) : value_(std::string(text)) {}       // NOLINT
    Document(Bare word) : value_(std::move(word)) {}                // NOLINT
    Document(bool flag) : value_(Bare{flag ? "true" : "false"}) {}  // NOLINT
    Document(List list) : value_(std::move(list)) {}                // NOLINT
    Document(Map map) : value_(std::move(map)) {}                   // NOLINT

    [[nodiscard]] std::variant<std::string, Bare, List, Map> const& value() const noexcept {
        return value_;
    }

private:
    std::variant<std::string, Bare, List, Map> value_;
};

/// JSON (RFC 8259) in one line. Texts must be valid UTF-8.
[[nodiscard]] std::string to_json(Document const& document);

/// YAML with a key a line; lists of single values stand in one line. Ends with a line end.
[[nodiscard]] std::string to_yaml(Document const& document);

}  // namespace muster::config
