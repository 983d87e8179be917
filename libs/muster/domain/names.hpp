#pragma once

#include <string_view>

namespace muster {

/// Names of projects, services, hubs, rules and channels: `[A-Za-z0-9][A-Za-z0-9_-]{0,99}`.
[[nodiscard]] bool is_valid_name(std::string_view name) noexcept;

/// A project's name is a name that is not `status` and not only digits (paths take ids as well).
[[nodiscard]] bool is_valid_project_name(std::string_view name) noexcept;

}  // namespace muster
