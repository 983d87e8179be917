#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <muster/base/id.hpp>
#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// Keeps the projections of a hub's registry, and knows the keys by which facts name its objects.
/// All calls within a transaction; when that does not commit, call forget().
class RegistryWriter {
public:
    explicit RegistryWriter(SqliteDatabase& database) : database_(database) {}

    /// What follows belongs to this hub. Returns the hub's key.
    [[nodiscard]] Result<std::int64_t> choose_hub(std::string const& hub_id);

    /// What facts need to know of a service.
    struct KnownService {
        std::int64_t key{0};
        std::optional<std::int64_t> project;  ///< Its key; nothing: unknown so far.
        bool critical{true};
    };

    /// A service that is not known yet gets a row, so that no fact is lost for it; one that the
    /// registry has not told of takes the names that come with a fact.
    [[nodiscard]] Result<KnownService> service(ServiceId id, std::string_view project_name = {},
                                               std::string_view name = {});
    [[nodiscard]] Result<std::int64_t> project(ProjectId id, std::string_view name = {});

    [[nodiscard]] Result<void> changed(Project const& project);
    [[nodiscard]] Result<void> changed(Service const& service);
    [[nodiscard]] Result<void> removed(ProjectRemoved const& removed);
    [[nodiscard]] Result<void> removed(ServiceRemoved const& removed);

    /// Drops what is remembered of the tables.
    void forget();

private:
    [[nodiscard]] Result<KnownService> find_or_make(ServiceId id, std::string_view name);
    [[nodiscard]] Result<void> take_names(KnownService& known, std::string_view project_name,
                                          std::string_view name);
    [[nodiscard]] Result<void> move_events(KnownService const& known);

    SqliteDatabase& database_;
    std::string hub_id_;
    std::int64_t hub_{0};
    std::unordered_map<ServiceId, KnownService> services_;
    std::unordered_map<ProjectId, std::int64_t> projects_;
};

}  // namespace muster
