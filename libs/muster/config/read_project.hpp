#pragma once

#include <optional>

#include <muster/config/model.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/yaml_tree.hpp>
#include <muster/domain/service.hpp>

namespace muster::config {

/// The project that a file's entry describes: its `app` first, then its `services`. One without a
/// URL is its `services` alone: no `app`, and a Url without a host. Nothing: it has no usable name
/// or URL, which has been refused; other mistakes are told and left out.
[[nodiscard]] std::optional<ProjectSpec> read_project(Reading& reading, YamlNode entry,
                                                      ServiceDefaults const& defaults);

/// project_of() with what the defaults say of an `app`.
[[nodiscard]] ProjectSpec default_project(std::string name, Url url,
                                          ServiceDefaults const& defaults);

}  // namespace muster::config
