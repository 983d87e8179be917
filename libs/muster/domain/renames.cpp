#include <muster/domain/renames.hpp>

#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace muster {
namespace {

/// The mistakes in one list: the projects, or the services of one.
class RenameCheck {
public:
    RenameCheck(std::span<Rename const> renames, std::vector<std::size_t> list,
                std::vector<RenameProblem>& problems)
        : renames_(renames), list_(std::move(list)), problems_(problems) {
        for (auto const place : list_) {
            formerly_.emplace(renames_[place].name, renames_[place].formerly);
        }
    }

    void run() {
        std::map<std::string_view, std::string_view> claimed;
        for (auto const place : list_) {
            auto const& rename = renames_[place];
            auto const [first, only] = claimed.emplace(rename.formerly, rename.name);
            if (!only) {
                problems_.push_back(
                    {place, whole(first->second) + " and " + whole(rename.name) +
                                " both say formerly: " + std::string(rename.formerly) +
                                "; only one can have been it"});
            }
            check_ring(place);
        }
    }

private:
    [[nodiscard]] std::string whole(std::string_view name) const {
        auto const project = renames_[list_.front()].project;
        return std::string(project) + (project.empty() ? "" : "/") + std::string(name);
    }

    /// Follows the names back; a way that comes home is a ring, told once.
    void check_ring(std::size_t place) {
        auto const start = renames_[place].name;
        std::set<std::string_view> ring;
        auto at = start;
        while (ring.insert(at).second) {
            auto const before = formerly_.find(at);
            if (before == formerly_.end()) {
                return;
            }
            at = before->second;
        }
        if (at != start || !told_.insert(start).second) {
            return;  // the ring begins behind this name, or was told from another one
        }
        told_.insert(ring.begin(), ring.end());
        if (ring.size() == 1) {
            problems_.push_back({place, whole(start) + " says formerly: " + std::string(start) +
                                            ", its own name: give the one it had before"});
            return;
        }
        std::string way = whole(start);
        for (at = formerly_.at(start); at != start; at = formerly_.at(at)) {
            way += " was " + whole(at);
        }
        problems_.push_back({place, "formerly goes in a ring: " + way + " was " + whole(start) +
                                        "; rename in two steps over another name"});
    }

    std::span<Rename const> const renames_;
    std::vector<std::size_t> const list_;
    std::vector<RenameProblem>& problems_;
    std::map<std::string_view, std::string_view> formerly_;
    std::set<std::string_view> told_;
};

}  // namespace

std::vector<RenameProblem> rename_problems(std::span<Rename const> renames) {
    std::map<std::string_view, std::vector<std::size_t>> lists;
    for (std::size_t place = 0; place < renames.size(); ++place) {
        lists[renames[place].project].push_back(place);
    }
    std::vector<RenameProblem> problems;
    for (auto& [project, list] : lists) {
        RenameCheck(renames, std::move(list), problems).run();
    }
    return problems;
}

std::vector<std::string> rename_mistakes(std::span<ProjectSpec const> projects) {
    std::vector<Rename> renames;
    for (auto const& project : projects) {
        if (!project.formerly.empty()) {
            renames.push_back({"", project.name, project.formerly});
        }
        for (auto const& service : project.services) {
            if (!service.formerly.empty()) {
                renames.push_back({project.name, service.name, service.formerly});
            }
        }
    }
    std::vector<std::string> mistakes;
    for (auto& problem : rename_problems(renames)) {
        mistakes.push_back(std::move(problem.message));
    }
    return mistakes;
}

}  // namespace muster
