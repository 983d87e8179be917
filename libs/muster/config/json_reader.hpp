#pragma once

#include <string>
#include <string_view>

#include <muster/config/mistake.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::config {

/// Reads one JSON text (RFC 8259) into the tree that the readers of the configuration take. Refused
/// in the words of JSON, with its place: what is no JSON or no UTF-8, and more levels than
/// kMaxDepth. Keys given twice are left to those readers.
[[nodiscard]] Checked<YamlTree> read_json(std::string_view text, std::string const& file);

}  // namespace muster::config
