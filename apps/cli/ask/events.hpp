#pragma once

#include <cli/ask/commands.hpp>
#include <cli/client/terminal.hpp>

namespace muster {

/// `muster events`: the newest, the last of all at the bottom; with --follow what comes after them
/// until interrupted. The exit code.
[[nodiscard]] int run_events(EventsCommand const& command, HubAddress const& address,
                             Terminal const& terminal);

}  // namespace muster
