#pragma once

#include <cstdint>
#include <string>

#include <muster/base/result.hpp>

namespace muster {

/// Who may read a file that is written.
enum class ReadableBy : std::uint8_t { everybody, owner };

/// Writes a file anew, whole or not at all: under another name in the same folder first. Blocks.
/// Errors: conflict: it is there already and `overwrite` is off; unavailable, in the system's
/// words.
[[nodiscard]] Result<void> write_new_file(std::string const& path, std::string const& text,
                                          bool overwrite, ReadableBy readers);

}  // namespace muster
