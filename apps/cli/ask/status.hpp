#pragma once

#include <cli/ask/commands.hpp>
#include <cli/client/terminal.hpp>

namespace muster {

/// `muster status`, once or until interrupted. The exit code: of a single look by the worst
/// project, of --watch 0.
[[nodiscard]] int run_status(StatusCommand const& command, HubAddress const& address,
                             Terminal const& terminal);

}  // namespace muster
