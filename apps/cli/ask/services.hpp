#pragma once

#include <cli/ask/commands.hpp>
#include <cli/client/terminal.hpp>

namespace muster {

// `muster services …`. Each gives the exit code.

[[nodiscard]] int run_services_list(ServicesListCommand const& command, HubAddress const& address,
                                    Terminal const& terminal);
[[nodiscard]] int run_services_show(ServicesShowCommand const& command, HubAddress const& address,
                                    Terminal const& terminal);
/// Of several services in a file: registers one after the other and ends with the worst.
[[nodiscard]] int run_services_register(ServicesRegisterCommand const& command,
                                        HubAddress const& address, Terminal const& terminal);
[[nodiscard]] int run_services_remove(ServicesRemoveCommand const& command,
                                      HubAddress const& address, Terminal const& terminal);
/// Checks now and waits for what is seen.
[[nodiscard]] int run_services_check(ServicesCheckCommand const& command, HubAddress const& address,
                                     Terminal const& terminal);
[[nodiscard]] int run_services_why(ServicesWhyCommand const& command, HubAddress const& address,
                                   Terminal const& terminal);

}  // namespace muster
