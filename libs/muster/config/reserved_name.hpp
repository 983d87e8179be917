#pragma once

#include <string_view>

namespace muster::config {

/// A name that no project may have (is_valid_project_name), and why, in words for who gave it.
inline constexpr std::string_view kReservedProjectName = "status";
inline constexpr std::string_view kWhyReserved =
    "'status' is reserved: /api/projects/status tells of all projects; choose another name";

}  // namespace muster::config
