#pragma once

#include <string_view>
#include <vector>

#include <muster/config/known_keys.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::config {

/// A key with its value, in the place where they stand.
struct Field {
    std::string_view key;
    YamlNode name;
    YamlNode value;
};

/// The fields of a section. Points into the tree.
class Mapping {
public:
    /// Refuses all that is no map, and keys that are unknown (naming the nearest known one), not
    /// built yet, or there twice; holds the others. Nothing at all is an empty map.
    Mapping(Reading& reading, YamlNode node, Section section);

    /// Null: not given.
    [[nodiscard]] Field const* find(std::string_view key) const noexcept;
    [[nodiscard]] std::vector<Field> const& fields() const noexcept { return fields_; }
    [[nodiscard]] YamlNode node() const noexcept { return node_; }

private:
    void take(Reading& reading, Section section, YamlNode name, YamlNode value);

    YamlNode node_;
    std::vector<Field> fields_;
};

}  // namespace muster::config
