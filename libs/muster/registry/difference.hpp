#pragma once

#include <string>
#include <vector>

#include <muster/domain/maintenance.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// Which settings differ, by their keys in the configuration; names are left out.
[[nodiscard]] std::vector<std::string> difference(ServiceSpec const& before,
                                                  ServiceSpec const& after);

/// The services of the projects are not looked at.
[[nodiscard]] std::vector<std::string> difference(ProjectSpec const& before,
                                                  ProjectSpec const& after);

[[nodiscard]] std::vector<std::string> difference(MaintenanceSpec const& before,
                                                  MaintenanceSpec const& after);

}  // namespace muster
