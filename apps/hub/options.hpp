#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace muster {

struct HubProgramOptions {
    std::optional<std::string> config;  ///< `--config`
    std::optional<std::uint16_t> port;  ///< `--port`; 0: any that is free
};

/// Reads the command line of `muster-hub`. Nothing: it was dealt with (help, version) or is wrong,
/// which was told; end with `code`.
[[nodiscard]] std::optional<HubProgramOptions> read_hub_options(int argc, char** argv, int& code);

}  // namespace muster
