#pragma once

#include <span>
#include <string>
#include <vector>

#include <muster/domain/service.hpp>

namespace muster {

/// What is wrong with the `formerly:` of a configuration, whatever the hub knows: two that claim
/// the same old name, and rings (`a` was `b` and `b` was `a`), which would swap back at every
/// reload. One line each, naming all that take part; empty: nothing.
[[nodiscard]] std::vector<std::string> rename_mistakes(std::span<ProjectSpec const> projects);

}  // namespace muster
