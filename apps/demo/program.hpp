#pragma once

#include <demo/personality.hpp>

namespace muster::demo {

/// The whole of a demo program: reads the flags, serves until SIGTERM or SIGINT, returns the exit
/// code (0 stopped, 1 died of chaos, 3 wrong flags or no port).
[[nodiscard]] int run(Personality const& who, int argc, char** argv);

}  // namespace muster::demo
