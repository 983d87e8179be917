#include <muster/monitoring/reachability.hpp>

#include <algorithm>
#include <utility>

namespace muster {

std::vector<ServiceId> Reachability::assign(std::map<ServiceId, SharedService> const& services) {
    std::map<ServiceId, std::string> roots_before;
    for (auto const& participant : participants_) {
        if (participant.root) {
            roots_before.emplace(participant.id, participants_[*participant.root].name);
        }
    }
    needed_.clear();
    for (auto const& [id, service] : services) {
        for (auto const& dependency : service->spec.depends_on) {
            needed_.emplace(dependency.project, dependency.service);
        }
    }
    participants_.clear();
    numbers_.clear();
    std::vector<Dependent> dependents;
    for (auto const& [id, service] : services) {
        auto const& spec = service->spec;
        if (spec.depends_on.empty() && !needed_.contains({spec.project, spec.name})) {
            continue;
        }
        numbers_.emplace(id, participants_.size());
        participants_.push_back({id, spec.project + "/" + spec.name, std::nullopt});
        dependents.push_back({spec.project, spec.name, &spec.depends_on});
    }
    graph_ = DependencyGraph(dependents);
    std::erase_if(down_,
                  [&services](auto const& entry) { return !services.contains(entry.first); });
    Known known;
    for (Number number = 0; number < participants_.size(); ++number) {
        participants_[number].root = root_of(number, false, known);
    }
    // Those that are left in `roots_before` have no fault any more; names tell, numbers are others.
    std::set<ServiceId> changed;
    for (auto const& participant : participants_) {
        auto const before = roots_before.find(participant.id);
        auto const was = before == roots_before.end() ? std::string() : before->second;
        auto const is = participant.root ? participants_[*participant.root].name : std::string();
        if (was != is) {
            changed.insert(participant.id);
        }
        if (before != roots_before.end()) {
            roots_before.erase(before);
        }
    }
    for (auto const& [id, root] : roots_before) {
        changed.insert(id);
    }
    return {changed.begin(), changed.end()};
}

bool Reachability::is_touched(ServiceSpec const* before, ServiceSpec const* after) const {
    if (before != nullptr && after != nullptr && before->project == after->project &&
        before->name == after->name && before->depends_on == after->depends_on) {
        return false;
    }
    auto const takes_part = [this](ServiceSpec const* spec) {
        return spec != nullptr &&
               (!spec->depends_on.empty() || needed_.contains({spec->project, spec->name}));
    };
    return takes_part(before) || takes_part(after);
}

std::vector<ServiceId> Reachability::set_down(ServiceId service, bool down, std::string error) {
    if (down) {
        down_.insert_or_assign(service, std::move(error));
    } else {
        down_.erase(service);
    }
    auto const found = numbers_.find(service);
    if (found == numbers_.end()) {
        return {};
    }
    // All that require it, however far away.
    std::vector<Number> touched{found->second};
    std::vector<bool> seen(participants_.size(), false);
    for (std::size_t at = 0; at < touched.size(); ++at) {
        for (auto const& edge : graph_.needed_by(touched[at])) {
            if (!edge.optional && !seen[edge.to]) {
                seen[edge.to] = true;
                touched.push_back(edge.to);
            }
        }
    }
    std::vector<ServiceId> changed;
    Known known;
    for (auto number = touched.begin() + 1; number != touched.end(); ++number) {
        auto& participant = participants_[*number];
        auto const root = root_of(*number, false, known);
        if (root != participant.root) {
            participant.root = root;
            changed.push_back(participant.id);
        }
    }
    std::sort(changed.begin(), changed.end());
    return changed;
}

std::optional<Reachability::Fault> Reachability::fault(ServiceId service) const {
    auto const found = numbers_.find(service);
    return found == numbers_.end() ? std::nullopt : fault_by(participants_[found->second].root);
}

std::optional<Reachability::Fault> Reachability::explanation(ServiceId service) const {
    auto const found = numbers_.find(service);
    if (found == numbers_.end()) {
        return std::nullopt;
    }
    auto const& participant = participants_[found->second];
    Known known;
    return fault_by(participant.root ? participant.root : root_of(found->second, true, known));
}

std::vector<ServiceId> Reachability::suspects(ServiceId service) const {
    std::vector<ServiceId> result;
    auto const found = numbers_.find(service);
    if (found != numbers_.end()) {
        for (auto const& edge : graph_.needs(found->second)) {
            if (!is_down(edge.to)) {
                result.push_back(participants_[edge.to].id);
            }
        }
    }
    return result;
}

bool Reachability::is_down(Number number) const {
    return down_.contains(participants_[number].id);
}

/// The deepest that is down among a service and all that it requires; at most
/// DependencyGraph::kDeepest calls deep.
Reachability::Deepest Reachability::behind(Number number, Known& known) const {
    auto const found = known.find(number);
    if (found != known.end()) {
        return found->second;
    }
    Deepest deepest;
    if (is_down(number)) {
        deepest = {number, 1};
    }
    for (auto const& edge : graph_.needs(number)) {
        if (edge.optional) {
            continue;
        }
        auto const farther = behind(edge.to, known);
        if (farther.root && farther.depth + 1 > deepest.depth) {
            deepest = {farther.root, farther.depth + 1};
        }
    }
    known.emplace(number, deepest);
    return deepest;
}

std::optional<Reachability::Number> Reachability::root_of(Number number, bool optional_too,
                                                          Known& known) const {
    Deepest deepest;
    for (auto const& edge : graph_.needs(number)) {
        if (edge.optional && !optional_too) {
            continue;
        }
        auto const found = behind(edge.to, known);
        if (found.root && found.depth > deepest.depth) {
            deepest = found;
        }
    }
    return deepest.root;
}

std::optional<Reachability::Fault> Reachability::fault_by(std::optional<Number> root) const {
    if (!root) {
        return std::nullopt;
    }
    auto const& participant = participants_[*root];
    auto const down = down_.find(participant.id);
    Fault fault{participant.name, participant.name + " is down"};
    if (down != down_.end() && !down->second.empty()) {
        fault.why += ": " + down->second;
    }
    return fault;
}

}  // namespace muster
