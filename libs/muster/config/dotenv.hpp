#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <muster/config/load.hpp>

namespace muster::config {

struct Dotenv {
    Environment variables;              ///< Of a name given twice the last value.
    std::vector<std::string> warnings;  ///< `.env:3: no NAME=value`: such lines are left out.
};

/// Reads the text of a `.env` file: `NAME=value` a line, `export` before it allowed, `#` starts a
/// comment at the start of a line or after a space. A value in 'single quotes' is taken as it
/// stands, one in "double quotes" knows `\n \t \r \" \\ \$`; both may run over several lines.
[[nodiscard]] Dotenv read_dotenv(std::string_view text);

}  // namespace muster::config
