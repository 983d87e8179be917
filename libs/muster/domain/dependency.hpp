#pragma once

#include <compare>
#include <string>

namespace muster {

/// A service that another one needs.
struct Dependency {
    std::string project;
    std::string service;
    bool optional{false};  ///< Its failure explains, but does not make unreachable.

    auto operator<=>(Dependency const&) const = default;
};

}  // namespace muster
