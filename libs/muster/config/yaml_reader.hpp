#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <muster/config/mistake.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::config {

inline constexpr std::size_t kMaxFileBytes = 64U * 1024U * 1024U;
inline constexpr std::size_t kMaxDepth = 32;

/// Reads one YAML document (JSON is one). Refused, each with its place: what is no YAML, no UTF-8
/// or holds control characters, more than one document, anchors, aliases and tags, more than
/// kMaxDepth levels, more than kMaxFileBytes.
[[nodiscard]] Checked<YamlTree> read_yaml(std::string_view text, std::string const& file);

}  // namespace muster::config
