#pragma once

#include <string>
#include <string_view>

namespace muster {

/// Whether what goes by this name is to be kept from people's eyes: `token`, `api_key`, `Password`.
/// A guess by its letters, generous: what is hidden without need costs little.
[[nodiscard]] bool names_a_secret(std::string_view name) noexcept;

/// What is shown in place of a secret. It is never the secret itself: who reads it back is told so.
inline constexpr std::string_view kSecretMask = "***";

/// A path and query whose secret parameters show `***` instead of their values.
[[nodiscard]] std::string without_secrets(std::string_view target);

/// Whether a secret parameter of a path and query has kSecretMask for its value, as
/// without_secrets() writes it.
[[nodiscard]] bool has_masked_secret(std::string_view target);

}  // namespace muster
