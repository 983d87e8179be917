#include <muster/config/check_mentions.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <muster/domain/dependency_graph.hpp>
#include <muster/domain/renames.hpp>

namespace muster::config {
namespace {

void check_dependencies(Reading& reading) {
    auto const& services = reading.mentions().services;
    std::vector<Dependent> dependents;
    dependents.reserve(services.size());
    for (auto const& service : services) {
        dependents.push_back({service.project, service.name, &service.needs});
    }
    for (auto const& problem : dependency_problems(dependents)) {
        reading.refuse(services[problem.dependent].places[problem.dependency], problem.message);
    }
}

/// Only what no hub could carry out; what is still listed under its old name is the plan's to tell.
void check_former_names(Reading& reading) {
    auto const& formers = reading.mentions().formers;
    std::vector<Rename> renames;
    renames.reserve(formers.size());
    for (auto const& former : formers) {
        bool const is_project = former.service.empty();
        renames.push_back({is_project ? std::string_view() : former.project,
                           is_project ? former.project : former.service, former.name});
    }
    for (auto const& problem : rename_problems(renames)) {
        reading.refuse(formers[problem.rename].at, problem.message);
    }
}

/// All the names by which something may match services.
class MatchableNames {
public:
    explicit MatchableNames(std::vector<ProjectSpec> const& projects) {
        for (auto const& project : projects) {
            projects_.insert(project.name);
            for (auto const& service : project.services) {
                services_.insert(service.name);
                services_.insert(project.name + "/" + service.name);
                groups_.insert(service.group);
                tags_.insert(service.tags.begin(), service.tags.end());
            }
        }
    }

    [[nodiscard]] bool has(Mentions::Match const& match) const {
        switch (match.kind) {
            case Mentions::Kind::project:
                return projects_.contains(match.name);
            case Mentions::Kind::service:
                return services_.contains(match.name);
            case Mentions::Kind::tag:
                return tags_.contains(match.name);
            case Mentions::Kind::group:
                return groups_.contains(match.name);
        }
        return false;
    }

private:
    std::set<std::string> projects_;
    std::set<std::string> services_;
    std::set<std::string> tags_;
    std::set<std::string> groups_;
};

std::string_view word_of(Mentions::Kind kind) noexcept {
    switch (kind) {
        case Mentions::Kind::project:
            return "project";
        case Mentions::Kind::service:
            return "service";
        case Mentions::Kind::tag:
            return "service with the tag";
        case Mentions::Kind::group:
            return "service of the group";
    }
    return "";
}

/// Whether the projects of the file are replaced.
bool others_count(Environment const* environment) {
    if (environment == nullptr) {
        return false;
    }
    auto const replaced = environment->find("PROJECTS");
    return replaced != environment->end() && !replaced->second.empty();
}

/// The API may bring what is missing here, so this is no mistake.
void check_matches(Reading& reading, std::vector<ProjectSpec> const& projects) {
    auto const& matches = reading.mentions().matches;
    if (matches.empty() || others_count(reading.environment())) {
        return;
    }
    MatchableNames const names(projects);
    for (auto const& match : matches) {
        if (!names.has(match)) {
            reading.warn(match.at, "there is no " + std::string(word_of(match.kind)) + " '" +
                                       match.name + "' in this file");
        }
    }
}

}  // namespace

void check_mentions(Reading& reading, std::vector<ProjectSpec> const& projects) {
    check_dependencies(reading);
    check_former_names(reading);
    check_matches(reading, projects);
}

}  // namespace muster::config
