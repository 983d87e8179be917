#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// Writes what happens now and then: events, projects' own figures, how the hub itself is. Within
/// one transaction.
class EventWriter {
public:
    explicit EventWriter(PostgresTransaction& transaction) : transaction_(transaction) {}

    /// What an event concerns, by keys.
    struct About {
        std::int64_t hub{0};
        std::optional<std::int64_t> project;
        std::optional<std::int64_t> service;
    };
    [[nodiscard]] Result<void> event(About const& about, EventRow const& row);

    [[nodiscard]] Result<void> metrics(std::int64_t project, ProjectMetrics const& metrics);

    [[nodiscard]] Result<void> gap(std::int64_t hub, Gap const& gap);

    [[nodiscard]] Result<void> started(std::int64_t hub, HubStarted const& started);
    [[nodiscard]] Result<void> stopped(std::int64_t hub, HubStopped const& stopped);
    [[nodiscard]] Result<void> problem(std::int64_t hub, HubProblem const& problem);
    /// A row that says how the hub is.
    [[nodiscard]] Result<void> health_now(std::int64_t hub, WallTime at);

private:
    [[nodiscard]] Result<void> health(std::int64_t hub, std::string_view status,
                                      std::string_view database, std::string_view error,
                                      WallTime at);

    PostgresTransaction& transaction_;
};

}  // namespace muster::postgres
