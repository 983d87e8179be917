#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace muster::config {

inline constexpr std::uint64_t kLeastSize = 1'000'000;
inline constexpr std::uint64_t kMostSize = 1'000'000'000'000'000;

/// A number of bytes as a person writes it: `20GB`, `1.5 TB`, `512MiB`; a bare number means bytes.
/// kB to TB count in thousands, KiB to TiB in 1024; case does not matter. Errors: Errc::invalid.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);

/// The shortest exact spelling in one unit: `20GB`, `512MiB`, `1234567B`.
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace muster::config
