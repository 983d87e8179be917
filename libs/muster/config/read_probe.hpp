#pragma once

#include <optional>

#include <muster/config/mapping.hpp>
#include <muster/config/reading.hpp>
#include <muster/domain/probe_spec.hpp>

namespace muster::config {

/// How a service is checked: the value of `probe`. Nothing: refused.
[[nodiscard]] std::optional<ProbeSpec> read_probe(Reading& reading, Field const& field);

}  // namespace muster::config
