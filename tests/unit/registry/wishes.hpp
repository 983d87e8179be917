#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/registry/plan.hpp>
#include <muster/registry/registry.hpp>

namespace muster::testing {

inline WallTime const kNow{Millis(1'700'000'000'000)};

/// A project with `app` and further services, all checked over HTTP.
inline ProjectSpec wish(std::string const& name, std::vector<std::string> const& services = {}) {
    auto spec = project_of(name, *parse_url("http://127.0.0.1:3010"));
    for (auto const& service : services) {
        auto more = spec.services.front();
        more.name = service;
        spec.services.push_back(std::move(more));
    }
    return spec;
}

/// The same, of a service that the API registers.
inline ServiceSpec service_wish(std::string const& project, std::string const& name) {
    auto spec = wish(project).services.front();
    spec.name = name;
    return spec;
}

inline Plan plan_for(Registry const& registry, std::vector<ProjectSpec> const& projects,
                     std::vector<MaintenanceSpec> const& windows = {}, WallTime now = kNow) {
    auto plan = plan_configuration(registry, projects, windows, now);
    EXPECT_TRUE(plan.has_value()) << plan.error().message;
    return plan ? std::move(*plan) : Plan{};
}

inline Plan apply(Registry& registry, Plan plan) {
    for (auto const& record : plan.records) {
        registry.apply(record);
    }
    return plan;
}

/// Applies what the file asks for.
inline Plan settle(Registry& registry, std::vector<ProjectSpec> const& projects,
                   std::vector<MaintenanceSpec> const& windows = {}) {
    return apply(registry, plan_for(registry, projects, windows));
}

inline ServiceId id_of(Registry const& registry, std::string const& project,
                       std::string const& name) {
    auto const* service = registry.find_service(project, name);
    return service != nullptr ? service->id : ServiceId{};
}

/// `renamed service shop/web, was shop/app: interval`.
inline std::vector<std::string> told(Plan const& plan) {
    std::vector<std::string> lines;
    for (auto const& change : plan.changes) {
        lines.push_back(to_text(change));
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace muster::testing
