#pragma once

#include <string>
#include <string_view>

namespace muster {

/// Whether what goes by this name is to be kept from people's eyes: `token`, `api_key`, `Password`.
/// A guess by its letters, generous: what is hidden without need costs little.
[[nodiscard]] bool names_a_secret(std::string_view name) noexcept;

/// A path and query whose secret parameters show `***` instead of their values.
[[nodiscard]] std::string without_secrets(std::string_view target);

}  // namespace muster
