#pragma once

#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster {

/// Whether a file that begins so is a database of SQLite.
[[nodiscard]] bool is_sqlite(std::string_view start) noexcept;

/// The monitors of an Uptime Kuma database (`kuma.db`) as the tree that a backup would be: a map
/// with `monitorList`, each with the names of the table's columns, and the names of notifications
/// and maintenance windows. The file is only read, and taken to stay as it is meanwhile. Blocks.
/// Errors: corrupt, unavailable; invalid: it is another program's database.
[[nodiscard]] Result<config::YamlTree> read_kuma_database(std::string const& path);

}  // namespace muster
