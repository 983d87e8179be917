#pragma once

#include <string>

#include <muster/base/result.hpp>

namespace muster {

/// All of a file. Errors: invalid, naming it.
[[nodiscard]] Result<std::string> read_text_file(std::string const& path);

}  // namespace muster
