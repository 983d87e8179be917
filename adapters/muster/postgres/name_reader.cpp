#include <muster/postgres/name_reader.hpp>

#include <cstdint>

namespace muster::postgres {

Result<OnceNamed> read_once_named(PostgresTransaction& transaction, std::string const& hub_id,
                                  std::string const& project, std::string const& service) {
    OnceNamed named;
    if (!project.empty()) {
        auto const id = transaction.query(
            "SELECT p.id FROM project p JOIN hub h ON h.key = p.hub WHERE p.name = $1"
            " AND ($2 = '' OR h.hub_id = $2)"
            " ORDER BY p.removed_at IS NOT NULL, p.removed_at DESC, p.key DESC LIMIT 1",
            project, hub_id);
        if (!id) {
            return tl::unexpected(id.error());
        }
        if (id->number()) {
            named.project = ProjectId{*id->number()};
        }
    }
    if (!service.empty()) {
        auto const id = transaction.query(
            "SELECT s.id FROM service s JOIN hub h ON h.key = s.hub"
            " LEFT JOIN project p ON p.key = s.project WHERE s.name = $1"
            " AND ($2 = 0 OR p.id = $2) AND ($3 = '' OR h.hub_id = $3)"
            " AND ($4 = '' OR p.name = $4)"
            " ORDER BY s.removed_at IS NOT NULL, s.removed_at DESC, s.key DESC LIMIT 1",
            service, named.project ? named.project->value : 0, hub_id, project);
        if (!id) {
            return tl::unexpected(id.error());
        }
        if (id->number()) {
            named.service = ServiceId{*id->number()};
        }
    }
    return named;
}

}  // namespace muster::postgres
