#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <muster/domain/service.hpp>

namespace muster {

/// A name and the one that it had before. Its texts belong to somebody else.
struct Rename {
    std::string_view project;  ///< Whose service it is; empty: a project itself.
    std::string_view name;
    std::string_view formerly;
};

struct RenameProblem {
    std::size_t rename{0};  ///< Its place in the list: who is to be blamed.
    std::string message;    ///< One line, naming all that take part.
};

/// What is wrong with the `formerly:` of a configuration, whatever the hub knows: two that claim
/// the same old name, a name that was itself, and rings (`a` was `b` and `b` was `a`), which would
/// swap back at every reload. An old name that is listed today is none of these.
[[nodiscard]] std::vector<RenameProblem> rename_problems(std::span<Rename const> renames);

/// The messages alone, of all that `projects` say; empty: nothing is wrong.
[[nodiscard]] std::vector<std::string> rename_mistakes(std::span<ProjectSpec const> projects);

}  // namespace muster
