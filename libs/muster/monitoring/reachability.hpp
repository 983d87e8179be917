#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <muster/base/id.hpp>
#include <muster/domain/dependency_graph.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// Which services are unreachable because a service that they require is down, and which one is at
/// fault: the deepest that is down along what they require, however far away. Of several equally
/// deep the first in the order in which dependencies are named. A reducer: what is down goes in,
/// who is touched comes out. Costs memory only for services that take part in a dependency.
class Reachability {
public:
    struct Fault {
        std::string root;  ///< `project/name` of the service at fault.
        std::string why;   ///< One line: `shop/db is down: connection refused`.
    };

    /// Services were added, changed or removed. Who is down stays known. Dependencies that mean
    /// nobody, or close a ring, are passed over. Gives whose fault() is another now, in the order
    /// of their ids. The work grows with the number of services.
    std::vector<ServiceId> assign(std::map<ServiceId, SharedService> const& services);

    /// Whether assign() must be called for a change of one service from `before` to `after`;
    /// nullptr: it did not exist, it is gone.
    [[nodiscard]] bool is_touched(ServiceSpec const* before, ServiceSpec const* after) const;

    /// A service is gone.
    void forget(ServiceId service) { down_.erase(service); }

    /// A service is down, or no longer. Gives whose fault() is another now, in the order of their
    /// ids. `error`: of its last check.
    std::vector<ServiceId> set_down(ServiceId service, bool down, std::string error);

    /// Why a service is unreachable; nothing: it is not.
    [[nodiscard]] std::optional<Fault> fault(ServiceId service) const;

    /// What may explain that a service fails: its fault, or else that of an optional dependency.
    [[nodiscard]] std::optional<Fault> explanation(ServiceId service) const;

    /// What a service needs and is not known to be down: worth a look when it fails.
    [[nodiscard]] std::vector<ServiceId> suspects(ServiceId service) const;

private:
    using Number = std::size_t;  // in graph_

    struct Participant {
        ServiceId id;
        std::string name;            ///< `project/name`
        std::optional<Number> root;  ///< At fault for its being unreachable.
    };

    struct Deepest {
        std::optional<Number> root;
        std::size_t depth{0};
    };
    using Known = std::unordered_map<Number, Deepest>;

    [[nodiscard]] bool is_down(Number number) const;
    [[nodiscard]] Deepest behind(Number number, Known& known) const;
    [[nodiscard]] std::optional<Number> root_of(Number number, bool optional_too,
                                                Known& known) const;
    [[nodiscard]] std::optional<Fault> fault_by(std::optional<Number> root) const;

    DependencyGraph graph_;
    std::vector<Participant> participants_;
    std::unordered_map<ServiceId, Number> numbers_;
    std::set<std::pair<std::string, std::string>> needed_;  ///< Project and name, known or not.
    std::unordered_map<ServiceId, std::string> down_;       ///< With the error of the last check.
};

}  // namespace muster
