#pragma once

#include <muster/config/model.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::config {

/// Reads the whole file into `out`, which holds what is built in; what is wrong is refused and
/// leaves `out` as it was.
void read_file(Reading& reading, YamlTree const& tree, Configuration& out);

}  // namespace muster::config
