#pragma once

#include <string>
#include <string_view>

#include <muster/config/mistake.hpp>
#include <muster/config/yaml_tree.hpp>
#include <muster/importing/imported.hpp>

namespace muster::importing {

/// A backup of Uptime Kuma (JSON) as a configuration of ours. Mistakes: it is no JSON, or no
/// backup.
[[nodiscard]] config::Checked<Imported> import_kuma(std::string_view text, std::string const& file);

/// The same of what a database of Uptime Kuma holds, as the tree that a backup would be: a map with
/// `monitorList`, whose entries may have the names of the table's columns instead.
[[nodiscard]] config::Checked<Imported> import_kuma_tree(config::YamlTree const& tree,
                                                         std::string const& file);

}  // namespace muster::importing
