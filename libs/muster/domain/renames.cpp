#include <muster/domain/renames.hpp>

#include <cstddef>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace muster {
namespace {

/// One name of a list and the one that it had.
struct Renamed {
    std::string_view name;
    std::string_view formerly;
};

/// The mistakes in one list; `prefix` makes its names whole: `shop/`.
class RenameCheck {
public:
    RenameCheck(std::vector<Renamed> list, std::string prefix, std::vector<std::string>& mistakes)
        : list_(std::move(list)), prefix_(std::move(prefix)), mistakes_(mistakes) {
        for (auto const& renamed : list_) {
            formerly_.emplace(renamed.name, renamed.formerly);
        }
    }

    void run() {
        std::map<std::string_view, std::string_view> claimed;
        for (auto const& renamed : list_) {
            auto const [first, only] = claimed.emplace(renamed.formerly, renamed.name);
            if (!only) {
                mistakes_.push_back(prefix_ + std::string(first->second) + " and " + prefix_ +
                                    std::string(renamed.name) + " both say formerly: " +
                                    std::string(renamed.formerly) + "; only one can have been it");
            }
            check_ring(renamed.name);
        }
    }

private:
    /// Follows the names back; a way that comes home is a ring, told once.
    void check_ring(std::string_view start) {
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
        std::string way = prefix_ + std::string(start);
        for (at = formerly_.at(start); at != start; at = formerly_.at(at)) {
            way += " was " + prefix_ + std::string(at);
        }
        mistakes_.push_back("formerly goes in a ring: " + way + " was " + prefix_ +
                            std::string(start) + "; rename in two steps over another name");
    }

    std::vector<Renamed> const list_;
    std::string const prefix_;
    std::vector<std::string>& mistakes_;
    std::map<std::string_view, std::string_view> formerly_;
    std::set<std::string_view> told_;
};

}  // namespace

std::vector<std::string> rename_mistakes(std::span<ProjectSpec const> projects) {
    std::vector<std::string> mistakes;
    std::vector<Renamed> renamed_projects;
    for (auto const& project : projects) {
        if (!project.formerly.empty()) {
            renamed_projects.push_back({project.name, project.formerly});
        }
        std::vector<Renamed> renamed_services;
        for (auto const& service : project.services) {
            if (!service.formerly.empty()) {
                renamed_services.push_back({service.name, service.formerly});
            }
        }
        RenameCheck(std::move(renamed_services), project.name + "/", mistakes).run();
    }
    RenameCheck(std::move(renamed_projects), "", mistakes).run();
    return mistakes;
}

}  // namespace muster
