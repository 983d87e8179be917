#pragma once

#include <string_view>
#include <vector>

#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>
#include <muster/domain/service.hpp>

namespace muster::config {

/// Reads `name:url,name:url` as the variable PROJECTS holds it, each split at its first colon;
/// blanks around and empty pieces are ignored. Every malformed piece is a mistake of its own:
/// `Invalid project definition: X. Expected format: name:url`, where a name or URL is at fault with
/// the reason behind it in brackets.
[[nodiscard]] Checked<std::vector<ProjectSpec>> parse_project_list(std::string_view text,
                                                                   ServiceDefaults const& defaults);

}  // namespace muster::config
