#pragma once

#include <muster/config/reading.hpp>
#include <muster/config/yaml_tree.hpp>
#include <muster/domain/probe_spec.hpp>

namespace muster::config {

/// Adds the value of a `probe` to a tree, with what `known` has in place of each kSecretMask that
/// answers show for a secret. A secret goes nowhere but where it went before: as long as scheme,
/// host and port of every URL are among those of `known`. Refuses every mask that stands for
/// nothing; something harmless goes in its place. `known`: null where nothing is.
void add_with_known_secrets(Reading& reading, YamlNode probe, ProbeSpec const* known, YamlTree& to);

}  // namespace muster::config
