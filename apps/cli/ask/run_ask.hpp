#pragma once

#include <cli/ask/commands.hpp>

namespace muster {

/// Runs a command that asks a hub, on the process's own terminal and environment. The exit code.
[[nodiscard]] int run_ask(AskCommand const& command);

/// Whom `choice` means, and the environment where that says nothing; nothing: what is wrong was
/// told, end with kExitUsage.
[[nodiscard]] std::optional<HubAddress> chosen_hub(HubChoice const& choice);
/// The same with a configuration that was read already.
[[nodiscard]] std::optional<HubAddress> chosen_hub(HubChoice const& choice,
                                                   config::Configuration const& settings);

}  // namespace muster
