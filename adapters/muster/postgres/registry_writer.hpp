#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <muster/base/id.hpp>
#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// Keeps the projections of a hub's registry, and knows the keys by which facts name its objects.
/// When the transaction of a call does not commit, call forget().
class RegistryWriter {
public:
    /// What follows belongs to this hub, which gets its rows if it has none. Returns its key.
    [[nodiscard]] Result<std::int64_t> choose_hub(PostgresTransaction& transaction,
                                                  std::string const& hub_id);

    /// What facts need to know of a service.
    struct KnownService {
        std::int64_t key{0};
        std::optional<std::int64_t> project;  ///< Its key; nothing: unknown so far.
        bool critical{true};
    };

    /// A service that is not known yet gets a row, so that no fact is lost for it; one that the
    /// registry has not told of takes the names that come with a fact.
    [[nodiscard]] Result<KnownService> service(PostgresTransaction& transaction, ServiceId id,
                                               std::string_view project_name = {},
                                               std::string_view name = {});
    [[nodiscard]] Result<std::int64_t> project(PostgresTransaction& transaction, ProjectId id,
                                               std::string_view name = {});

    [[nodiscard]] Result<void> changed(PostgresTransaction& transaction, Project const& project);
    [[nodiscard]] Result<void> changed(PostgresTransaction& transaction, Service const& service);
    [[nodiscard]] Result<void> removed(PostgresTransaction& transaction,
                                       ProjectRemoved const& removed);
    [[nodiscard]] Result<void> removed(PostgresTransaction& transaction,
                                       ServiceRemoved const& removed);

    /// Drops what is remembered of the tables.
    void forget();

private:
    [[nodiscard]] Result<void> read_services(PostgresTransaction& transaction);
    [[nodiscard]] Result<KnownService> make(PostgresTransaction& transaction, ServiceId id,
                                            std::string_view name) const;
    [[nodiscard]] static Result<void> take_names(PostgresTransaction& transaction, std::int64_t hub,
                                                 KnownService& known, std::string_view project_name,
                                                 std::string_view name);
    [[nodiscard]] static Result<void> move_events(PostgresTransaction& transaction,
                                                  KnownService const& known);

    std::string hub_id_;
    std::int64_t hub_{0};
    std::unordered_map<ServiceId, KnownService> services_;
    std::unordered_map<ProjectId, std::int64_t> projects_;
};

}  // namespace muster::postgres
