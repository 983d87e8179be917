#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/domain/health.hpp>

namespace muster {

/// What a text wants to say by its colour.
enum class Tone : std::uint8_t { plain, good, warning, bad, unknown, quiet };

/// The ANSI escape that begins it; empty of a plain one.
[[nodiscard]] std::string_view escape_of(Tone tone) noexcept;
/// The escape that ends any.
[[nodiscard]] std::string_view plain_escape() noexcept;

[[nodiscard]] Tone tone_of(HealthStatus status) noexcept;

/// `text` in its colour, or as it is where there are no colours.
[[nodiscard]] std::string toned(std::string_view text, Tone tone, bool colour);

}  // namespace muster
