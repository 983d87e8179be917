#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <demo/personality.hpp>

namespace muster::demo {

struct Options {
    std::string host{"127.0.0.1"};
    std::uint16_t port{0};
    std::uint64_t seed{1};
    bool exit_with_parent{false};
};

/// Reads the command line. Nothing: everything is said (help, or what is wrong), end with `code`.
[[nodiscard]] std::optional<Options> read_options(Personality const& who, int argc, char** argv,
                                                  int& code);

}  // namespace muster::demo
