#pragma once

#include <vector>

#include <muster/config/mapping.hpp>
#include <muster/config/reading.hpp>
#include <muster/domain/maintenance.hpp>

namespace muster::config {

/// The windows that the file's `maintenance` lists; what is wrong is refused and left out.
[[nodiscard]] std::vector<MaintenanceSpec> read_maintenance(Reading& reading, Mapping const& file);

}  // namespace muster::config
