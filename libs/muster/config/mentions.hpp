#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <muster/config/yaml_tree.hpp>
#include <muster/domain/dependency.hpp>

namespace muster::config {

/// Names of other things, kept with their places until the whole file is known.
struct Mentions {
    /// A service of the file, even one that is refused for something else.
    struct Service {
        std::string project;
        std::string name;
        std::vector<Dependency> needs;
        std::vector<YamlNode> places;  ///< Of `needs`, in its order.
    };

    struct Former {
        std::string project;
        std::string service;  ///< Empty: the project itself was called so.
        std::string name;
        YamlNode at;
    };

    enum class Kind : std::uint8_t { project, service, tag, group };

    /// Something that matches by name: a maintenance window, a cap.
    struct Match {
        Kind kind{Kind::project};
        std::string name;
        YamlNode at;
    };

    std::vector<Service> services;
    std::vector<Former> formers;
    std::vector<Match> matches;
};

}  // namespace muster::config
