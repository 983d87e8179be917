#pragma once

#include <optional>

#include <muster/config/mapping.hpp>
#include <muster/config/model.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/service.hpp>

namespace muster::config {

/// The service that an entry of a project's `services` describes. Nothing: it has no usable name or
/// probe, which has been refused; other mistakes are told and left out.
[[nodiscard]] std::optional<ServiceSpec> read_service(Reading& reading, YamlNode entry,
                                                      ProjectSpec const& project,
                                                      ServiceDefaults const& defaults);

/// `dependsOn` and `formerly`, kept for check_mentions() as well.
void read_relations(Reading& reading, Mapping const& from, ServiceSpec& service);

/// What projects and services have in common: critical, tags, group.
template <class Spec>
void read_labels(Reading& reading, Mapping const& from, Spec& spec) {
    read_flag(reading, from, "critical", spec.critical);
    read_texts(reading, from, "tags", spec.tags);
    read_text(reading, from, "group", spec.group);
}

}  // namespace muster::config
