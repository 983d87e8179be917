#pragma once

#include <muster/config/document.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::config {

/// What was written, as a document that JSON can write: what stands without quotes and is a number
/// of JSON, `true`, `false`, `null` or nothing at all is that, everything else text.
[[nodiscard]] Document plain_document(YamlNode node);

}  // namespace muster::config
