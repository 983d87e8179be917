#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include <muster/config/model.hpp>
#include <muster/config/yaml_tree.hpp>
#include <muster/ports/entry_reader.hpp>

namespace muster::config {

/// Reads what API clients send with the readers of the file, so that both say the same in the same
/// words, and what answers show is taken back: what is only shown says nothing, and `***` is the
/// known secret as long as it goes where it went before. Texts are taken as they are: an
/// environment is none of a client's business. Exec probes, commands and `tls.ca` are forbidden:
/// what runs programs or reads files of the hub's machine comes from files only.
class ApiEntries final : public EntryReader {
public:
    /// What a service takes from its project: `critical` and `group`. An unknown project gives an
    /// empty one with that name.
    using ProjectOf = std::function<ProjectSpec(std::string_view name)>;
    /// The service that is known by these names; null: none.
    using ServiceOf =
        std::function<ServiceSpec const*(std::string_view project, std::string_view name)>;

    /// Without `service_of` nothing is known of what a registration names.
    ApiEntries(ServiceDefaults defaults, ProjectOf project_of, ServiceOf service_of = {});

    /// From now on; any thread.
    void set_defaults(ServiceDefaults defaults);

    [[nodiscard]] Read<ServiceSpec> service(std::string_view text,
                                            ServiceSpec const* known) const override;
    [[nodiscard]] Read<MaintenanceSpec> window(std::string_view text) const override;

private:
    [[nodiscard]] ServiceDefaults defaults() const;
    [[nodiscard]] ServiceSpec const* known_as(std::string const& project, YamlNode entry) const;

    ProjectOf const project_of_;
    ServiceOf const service_of_;
    mutable std::mutex mutex_;
    ServiceDefaults defaults_;
};

}  // namespace muster::config
