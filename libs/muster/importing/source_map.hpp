#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::importing {

using config::NodeKind;
using config::YamlNode;

/// The fields of a map in another program's file, YAML's merge keys (`<<`) followed. Anything but a
/// map has none. A key that is given twice is taken as it stands first. Points into the tree.
class SourceMap {
public:
    struct Field {
        std::string_view key;
        int line;  ///< Where the key stands.
        YamlNode value;
    };

    explicit SourceMap(YamlNode node);

    /// Null: not given, or given as null.
    [[nodiscard]] YamlNode const* find(std::string_view key) const noexcept;
    /// The first of them that is given: the same thing under several names.
    [[nodiscard]] YamlNode const* find_any(
        std::vector<std::string_view> const& keys) const noexcept;
    /// Where the key stands; 0: it is not there.
    [[nodiscard]] int line_of(std::string_view key) const noexcept;
    [[nodiscard]] bool has(std::string_view key) const noexcept { return find(key) != nullptr; }

    /// Of a single value; empty where there is none.
    [[nodiscard]] std::string_view text(std::string_view key) const noexcept;
    /// `true` and `1` of whatever case; nothing: not given, or no truth value.
    [[nodiscard]] std::optional<bool> flag(std::string_view key) const;
    [[nodiscard]] bool is_on(std::string_view key) const { return flag(key).value_or(false); }
    [[nodiscard]] SourceMap map(std::string_view key) const;

    [[nodiscard]] std::vector<Field> const& fields() const& noexcept { return fields_; }
    /// Of a map that ends with the expression: a loop over it would outlive it.
    [[nodiscard]] std::vector<Field> fields() && noexcept { return std::move(fields_); }
    [[nodiscard]] YamlNode node() const noexcept { return node_; }

private:
    void take(YamlNode map, int levels);

    YamlNode node_;
    std::vector<Field> fields_;
};

/// What a word says in YAML or JSON of old and new: yes, on, true, 1. Nothing: no truth value.
[[nodiscard]] std::optional<bool> truth_of(std::string_view word);

/// A number as JSON writes it. Nothing: it is none.
[[nodiscard]] std::optional<double> number_of(std::string_view text);

[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text);

/// The single values of a list, or a single value by itself.
[[nodiscard]] std::vector<YamlNode> items_of(YamlNode node);

}  // namespace muster::importing
