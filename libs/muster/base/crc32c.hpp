#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace muster {

/// CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4), reflected, initial and final all ones.
[[nodiscard]] std::uint32_t crc32c(std::span<std::byte const> bytes) noexcept;

}  // namespace muster
