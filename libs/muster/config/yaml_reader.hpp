#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <muster/config/mistake.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::config {

inline constexpr std::size_t kMaxFileBytes = 64U * 1024U * 1024U;
inline constexpr std::size_t kMaxDepth = 32;

/// Values that a file of another program may have once its aliases are written out.
inline constexpr std::size_t kMaxForeignNodes = 2'000'000;

/// Reads one YAML document (JSON is one). Refused, each with its place: what is no YAML, no UTF-8
/// or holds control characters, more than one document, anchors, aliases and tags, more than
/// kMaxDepth levels, more than kMaxFileBytes.
[[nodiscard]] Checked<YamlTree> read_yaml(std::string_view text, std::string const& file);

/// The same of a file that was written for another program: aliases stand for copies of what they
/// name, in the places where that was written, tags are passed over, and characters that cannot be
/// seen (see UnseenCharacter) are blanks. Refused too: an alias inside of what it names, and more
/// than kMaxForeignNodes values.
[[nodiscard]] Checked<YamlTree> read_foreign_yaml(std::string_view text, std::string const& file);

}  // namespace muster::config
