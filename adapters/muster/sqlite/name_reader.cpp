#include <muster/sqlite/name_reader.hpp>

namespace muster {

Result<OnceNamed> read_once_named(SqliteDatabase& database, std::string const& hub_id,
                                  std::string const& project, std::string const& service) {
    OnceNamed named;
    if (!project.empty()) {
        auto const id =
            database
                .statement(
                    "SELECT p.id FROM project p JOIN hub h ON h.key = p.hub WHERE p.name = ?1"
                    " AND (?2 = '' OR h.hub_id = ?2)"
                    " ORDER BY p.removed_at IS NOT NULL, p.removed_at DESC, p.key DESC"
                    " LIMIT 1")
                .bind(project, hub_id)
                .number();
        if (!id) {
            return tl::unexpected(id.error());
        }
        if (*id) {
            named.project = ProjectId{**id};
        }
    }
    if (!service.empty()) {
        auto const id =
            database
                .statement(
                    "SELECT s.id FROM service s JOIN hub h ON h.key = s.hub"
                    " LEFT JOIN project p ON p.key = s.project WHERE s.name = ?1"
                    " AND (?2 = 0 OR p.id = ?2) AND (?3 = '' OR h.hub_id = ?3)"
                    " AND (?4 = '' OR p.name = ?4)"
                    " ORDER BY s.removed_at IS NOT NULL, s.removed_at DESC, s.key DESC"
                    " LIMIT 1")
                .bind(service, named.project ? named.project->value : 0, hub_id, project)
                .number();
        if (!id) {
            return tl::unexpected(id.error());
        }
        if (*id) {
            named.service = ServiceId{**id};
        }
    }
    return named;
}

}  // namespace muster
