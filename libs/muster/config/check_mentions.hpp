#pragma once

#include <vector>

#include <muster/config/reading.hpp>
#include <muster/domain/service.hpp>

namespace muster::config {

/// Holds what the file says of other things against what it has: dependencies on services that do
/// not exist or that form a ring, and former names that are still in use, are refused where they
/// stand; what matches none of `projects` is warned of.
void check_mentions(Reading& reading, std::vector<ProjectSpec> const& projects);

}  // namespace muster::config
