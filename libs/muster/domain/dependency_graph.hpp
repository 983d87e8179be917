#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <muster/domain/dependency.hpp>

namespace muster {

/// A service and what it says it needs. Views into whatever holds the services.
struct Dependent {
    std::string_view project;
    std::string_view service;
    std::vector<Dependency> const* needs{nullptr};  ///< Nothing: needs nothing.
};

/// What is wrong with one `dependsOn` of a service.
struct DependencyProblem {
    enum class Kind : std::uint8_t {
        unknown_target,  ///< It names a service that does not exist.
        twice,           ///< It names the same service as an earlier one.
        ring,            ///< It closes a ring.
        too_deep,        ///< The chain behind it is longer than DependencyGraph::kDeepest.
    };

    Kind kind{Kind::unknown_target};
    std::size_t dependent{0};   ///< Index of the service in what was given.
    std::size_t dependency{0};  ///< Index in its `needs`.
    /// One line that names who and whom: `shop/web depends on shop/db, which does not exist`,
    /// `dependencies form a ring: a -> b -> c -> a` (with projects where they differ).
    std::string message;

    bool operator==(DependencyProblem const&) const = default;
};

/// All that is wrong with the dependencies of a set of services, in their order; empty: they form a
/// graph without rings, at most DependencyGraph::kDeepest deep. Every ring is told once; optional
/// dependencies are held to the same rules, for a launch follows them too. Of services of the same
/// name the first is meant. Time and memory grow with services and dependencies alone.
[[nodiscard]] std::vector<DependencyProblem> dependency_problems(
    std::vector<Dependent> const& services);

/// Who needs whom among services numbered as they were given. A value; dependencies that
/// dependency_problems() refuses are left out of it, so it never holds a ring.
class DependencyGraph {
public:
    /// The most dependencies on a path.
    static constexpr std::size_t kDeepest = 256;

    struct Edge {
        std::size_t to{0};
        bool optional{false};

        bool operator==(Edge const&) const = default;
    };

    DependencyGraph() = default;
    explicit DependencyGraph(std::vector<Dependent> const& services);

    [[nodiscard]] std::size_t size() const noexcept { return needs_.size(); }
    /// What a service needs, in the order in which it says so.
    [[nodiscard]] std::vector<Edge> const& needs(std::size_t service) const {
        return needs_.at(service);
    }
    /// Who needs a service, in the order of their numbers.
    [[nodiscard]] std::vector<Edge> const& needed_by(std::size_t service) const {
        return needed_by_.at(service);
    }

private:
    std::vector<std::vector<Edge>> needs_;
    std::vector<std::vector<Edge>> needed_by_;
};

}  // namespace muster
