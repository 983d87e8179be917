#pragma once

#include <functional>
#include <mutex>
#include <string_view>

#include <muster/config/model.hpp>
#include <muster/ports/entry_reader.hpp>

namespace muster::config {

/// Reads what API clients send with the readers of the file, so that both say the same in the same
/// words. Nothing is filled in: an environment is none of a client's business, so `${...}` is
/// refused. Exec probes, commands and `tls.ca` are forbidden: what runs programs or reads files of
/// the hub's machine comes from files only.
class ApiEntries final : public EntryReader {
public:
    /// What a service takes from its project: `critical` and `group`. An unknown project gives an
    /// empty one with that name.
    using ProjectOf = std::function<ProjectSpec(std::string_view name)>;

    ApiEntries(ServiceDefaults defaults, ProjectOf project_of);

    /// From now on; any thread.
    void set_defaults(ServiceDefaults defaults);

    [[nodiscard]] Read<ServiceSpec> service(std::string_view text,
                                            ServiceSpec const* known) const override;
    [[nodiscard]] Read<MaintenanceSpec> window(std::string_view text) const override;

private:
    [[nodiscard]] ServiceDefaults defaults() const;

    ProjectOf const project_of_;
    mutable std::mutex mutex_;
    ServiceDefaults defaults_;
};

}  // namespace muster::config
