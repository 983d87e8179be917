#pragma once

// Private to this library.

#include <map>
#include <string>
#include <utility>

#include <muster/domain/service.hpp>

namespace muster {

/// References to services by names that change.
class NewNames {
public:
    using Name = std::pair<std::string, std::string>;  ///< Project, service.

    void rename_project(std::string from, std::string to) {
        projects_.emplace(std::move(from), std::move(to));
    }
    void rename_service(Name from, std::string to) {
        services_.emplace(std::move(from), std::move(to));
    }
    [[nodiscard]] bool empty() const noexcept { return projects_.empty() && services_.empty(); }

    /// The same spec with the names that its project and its dependencies have from now on.
    [[nodiscard]] ServiceSpec follow(ServiceSpec spec) const {
        for (auto& needed : spec.depends_on) {
            auto const service = services_.find({needed.project, needed.service});
            if (service != services_.end()) {
                needed.service = service->second;
            }
            follow(needed.project);
        }
        follow(spec.project);
        return spec;
    }

private:
    void follow(std::string& project) const {
        auto const renamed = projects_.find(project);
        if (renamed != projects_.end()) {
            project = renamed->second;
        }
    }

    std::map<std::string, std::string> projects_;
    std::map<Name, std::string> services_;  ///< By the names of before.
};

}  // namespace muster
