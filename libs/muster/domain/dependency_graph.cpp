#include <muster/domain/dependency_graph.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace muster {
namespace {

using Name = std::pair<std::string_view, std::string_view>;
using Problem = DependencyProblem;

/// Walks what services need, depth first and without recursion: chains may be long.
class Walk {
public:
    explicit Walk(std::vector<Dependent> const& services)
        : services_(services), nodes_(services.size()) {
        for (std::size_t index = 0; index < services.size(); ++index) {
            numbers_.try_emplace({services[index].project, services[index].service}, index);
        }
    }

    /// Problems, and the dependencies that hold.
    std::vector<Problem> run(std::vector<std::vector<DependencyGraph::Edge>>& edges) {
        edges.assign(services_.size(), {});
        for (std::size_t index = 0; index < services_.size(); ++index) {
            if (nodes_[index].state == State::unseen) {
                walk_from(index, edges);
            }
        }
        std::sort(problems_.begin(), problems_.end(),
                  [](Problem const& left, Problem const& right) {
                      return std::pair(left.dependent, left.dependency) <
                             std::pair(right.dependent, right.dependency);
                  });
        return std::move(problems_);
    }

private:
    enum class State : std::uint8_t { unseen, under_way, done };

    struct Node {
        State state{State::unseen};
        std::size_t next{0};   ///< The dependency to look at next.
        std::size_t depth{0};  ///< Of the longest chain behind it, once done.
    };

    void walk_from(std::size_t start, std::vector<std::vector<DependencyGraph::Edge>>& edges) {
        enter(start);
        while (!path_.empty()) {
            auto const at = path_.back();
            auto& node = nodes_[at];
            auto const* needs = services_[at].needs;
            if (needs == nullptr || node.next == needs->size()) {
                node.state = State::done;
                path_.pop_back();
                continue;
            }
            auto const index = node.next;
            auto const target = target_of(at, index);
            if (!target) {
                ++node.next;
                continue;
            }
            if (nodes_[*target].state == State::unseen) {
                enter(*target);  // and come back to this dependency
                continue;
            }
            ++node.next;
            if (nodes_[*target].state == State::under_way) {
                tell(Problem::Kind::ring, at, index, ring_through(*target));
            } else if (nodes_[*target].depth >= DependencyGraph::kDeepest) {
                tell(Problem::Kind::too_deep, at, index,
                     full_name(at) + " depends on " + full_name(*target) +
                         ", and the chain behind that is " + std::to_string(nodes_[*target].depth) +
                         " services deep: at most " + std::to_string(DependencyGraph::kDeepest) +
                         " may follow each other");
            } else {
                edges[at].push_back({*target, (*needs)[index].optional});
                node.depth = std::max(node.depth, nodes_[*target].depth + 1);
            }
        }
    }

    void enter(std::size_t index) {
        nodes_[index].state = State::under_way;
        path_.push_back(index);
    }

    /// The service that a dependency means; nothing (and a problem) if it means none.
    std::optional<std::size_t> target_of(std::size_t at, std::size_t index) {
        auto const& needs = *services_[at].needs;
        auto const& wanted = needs[index];
        auto const found = numbers_.find({wanted.project, wanted.service});
        if (found == numbers_.end()) {
            tell(Problem::Kind::unknown_target, at, index,
                 full_name(at) + " depends on " + wanted.project + "/" + wanted.service +
                     ", which does not exist");
            return std::nullopt;
        }
        auto const same = [&wanted](Dependency const& earlier) {
            return earlier.project == wanted.project && earlier.service == wanted.service;
        };
        auto const end = needs.begin() + static_cast<std::ptrdiff_t>(index);
        if (std::any_of(needs.begin(), end, same)) {
            tell(Problem::Kind::twice, at, index,
                 full_name(at) + " depends on " + full_name(found->second) + " twice");
            return std::nullopt;
        }
        return found->second;
    }

    [[nodiscard]] std::string full_name(std::size_t index) const {
        return std::string(services_[index].project) + "/" + std::string(services_[index].service);
    }

    /// The path from `first` to where the walk stands, closed: what stands there needs `first`.
    [[nodiscard]] std::string ring_through(std::size_t first) const {
        auto const begin = std::find(path_.begin(), path_.end(), first);
        bool const one_project = std::all_of(begin, path_.end(), [&](std::size_t index) {
            return services_[index].project == services_[first].project;
        });
        auto const name = [&](std::size_t index) {
            return one_project ? std::string(services_[index].service) : full_name(index);
        };
        std::string text = "dependencies form a ring: ";
        for (auto at = begin; at != path_.end(); ++at) {
            text += name(*at) + " -> ";
        }
        return text + name(first);
    }

    void tell(Problem::Kind kind, std::size_t dependent, std::size_t dependency,
              std::string message) {
        problems_.push_back({kind, dependent, dependency, std::move(message)});
    }

    std::vector<Dependent> const& services_;
    std::map<Name, std::size_t> numbers_;
    std::vector<Node> nodes_;
    std::vector<std::size_t> path_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<DependencyProblem> dependency_problems(std::vector<Dependent> const& services) {
    std::vector<std::vector<DependencyGraph::Edge>> edges;
    return Walk(services).run(edges);
}

DependencyGraph::DependencyGraph(std::vector<Dependent> const& services)
    : needed_by_(services.size()) {
    Walk(services).run(needs_);
    for (std::size_t index = 0; index < needs_.size(); ++index) {
        for (auto const& edge : needs_[index]) {
            needed_by_[edge.to].push_back({index, edge.optional});
        }
    }
}

}  // namespace muster
