#pragma once

#include <cli/ask/commands.hpp>
#include <cli/client/terminal.hpp>

namespace muster {

// `muster maintenance …`. Each gives the exit code.

[[nodiscard]] int run_maintenance_list(MaintenanceListCommand const& command,
                                       HubAddress const& address, Terminal const& terminal);
/// `now`: when a window begins that says nothing else.
[[nodiscard]] int run_maintenance_add(MaintenanceAddCommand const& command,
                                      HubAddress const& address, WallTime now,
                                      Terminal const& terminal);
[[nodiscard]] int run_maintenance_remove(MaintenanceRemoveCommand const& command,
                                         HubAddress const& address, Terminal const& terminal);

}  // namespace muster
