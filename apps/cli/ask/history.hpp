#pragma once

#include <cli/ask/commands.hpp>
#include <cli/client/terminal.hpp>

namespace muster {

/// `muster history PROJECT`. The exit code.
[[nodiscard]] int run_history(HistoryCommand const& command, HubAddress const& address,
                              Terminal const& terminal);

}  // namespace muster
