#pragma once

#include <string>
#include <vector>

#include "simulated_machine.hpp"

namespace muster::simulation {

/// All records of one kind that reached the store, in order.
template <class Body>
[[nodiscard]] std::vector<Body> told(SimulatedMachine& machine) {
    std::vector<Body> bodies;
    for (auto const& record : machine.rows.applied()) {
        if (auto const* body = std::get_if<Body>(&record.body)) {
            bodies.push_back(*body);
        }
    }
    return bodies;
}

/// Projects of one service each, `app` at a host of its own, checked every 10 s.
[[nodiscard]] inline std::vector<ProjectSpec> plain_projects(int count, std::uint32_t retries) {
    std::vector<ProjectSpec> projects;
    for (int number = 1; number <= count; ++number) {
        auto const name = "p" + std::to_string(number);
        auto project =
            project_of(name, *parse_url("http://10.1.0." + std::to_string(number) + ":3010"));
        project.services.front().policy.failure_threshold = retries + 1;
        projects.push_back(std::move(project));
    }
    return projects;
}

/// The target of such a project's `app`.
[[nodiscard]] inline std::string target_of_project(int number) {
    return "http://10.1.0." + std::to_string(number) + ":3010/health";
}

}  // namespace muster::simulation
