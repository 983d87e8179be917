#include <muster/sqlite/registry_writer.hpp>

#include <muster/domain/probe_spec.hpp>
#include <muster/storage/registry_values.hpp>

namespace muster {
namespace {

/// The key that an INSERT … RETURNING gave.
Result<std::int64_t> key_from(Result<std::optional<std::int64_t>> const& number) {
    if (!number) {
        return tl::unexpected(number.error());
    }
    return number->value_or(0);
}

}  // namespace

Result<std::int64_t> RegistryWriter::choose_hub(std::string const& hub_id) {
    if (hub_ != 0 && hub_id == hub_id_) {
        return hub_;
    }
    forget();
    auto const key = key_from(database_
                                  .statement("INSERT INTO hub (hub_id) VALUES (?1) ON CONFLICT"
                                             " (hub_id) DO UPDATE SET hub_id = ?1 RETURNING key")
                                  .bind(hub_id)
                                  .number());
    if (key) {
        hub_id_ = hub_id;
        hub_ = *key;
    }
    return key;
}

Result<RegistryWriter::KnownService> RegistryWriter::service(ServiceId id,
                                                             std::string_view project_name,
                                                             std::string_view name) {
    auto known = services_.find(id);
    if (known == services_.end()) {
        auto const found = find_or_make(id, name);
        if (!found) {
            return found;
        }
        known = services_.emplace(id, *found).first;
    }
    if (!known->second.project && !name.empty()) {
        auto const named = take_names(known->second, project_name, name);
        if (!named) {
            return tl::unexpected(named.error());
        }
    }
    return known->second;
}

Result<RegistryWriter::KnownService> RegistryWriter::find_or_make(ServiceId id,
                                                                  std::string_view name) {
    KnownService found;
    auto const looked =
        database_.statement("SELECT key, project, critical FROM service WHERE hub = ?1 AND id = ?2")
            .bind(hub_, id.value)
            .each([&found](SqliteStatement const& row) {
                found.key = row.integer(0);
                if (row.integer(1) != 0) {
                    found.project = row.integer(1);
                }
                found.critical = row.integer(2) != 0;
            });
    if (!looked) {
        return tl::unexpected(looked.error());
    }
    if (found.key != 0) {
        return found;
    }
    auto const shown = name_or_id(name, id.value);
    auto const key = key_from(
        database_.statement("INSERT INTO service (hub, id, name) VALUES (?1, ?2, ?3) RETURNING key")
            .bind(hub_, id.value, shown)
            .number());
    if (!key) {
        return tl::unexpected(key.error());
    }
    found.key = *key;
    return found;
}

Result<void> RegistryWriter::take_names(KnownService& known, std::string_view project_name,
                                        std::string_view name) {
    auto const project = database_
                             .statement(
                                 "SELECT key FROM project WHERE hub = ?1 AND name = ?2"
                                 " ORDER BY removed_at IS NOT NULL, key DESC")
                             .bind(hub_, project_name)
                             .number();
    if (!project) {
        return tl::unexpected(project.error());
    }
    known.project = *project;
    auto named = database_.statement("UPDATE service SET project = ?2, name = ?3 WHERE key = ?1")
                     .bind(known.key, known.project, name)
                     .run();
    return named && known.project ? move_events(known) : named;
}

/// A service's events are found under its project of today.
Result<void> RegistryWriter::move_events(KnownService const& known) {
    return database_
        .statement("UPDATE event SET project = ?2 WHERE service = ?1 AND project IS NOT ?2")
        .bind(known.key, known.project)
        .run();
}

Result<std::int64_t> RegistryWriter::project(ProjectId id, std::string_view name) {
    auto const known = projects_.find(id);
    if (known != projects_.end()) {
        return known->second;
    }
    auto const shown = name_or_id(name, id.value);
    // An update that changes nothing: it makes the row return its key.
    auto const key = key_from(database_
                                  .statement("INSERT INTO project (hub, id, name)"
                                             " VALUES (?1, ?2, ?3) ON CONFLICT (hub, id)"
                                             " DO UPDATE SET id = ?2 RETURNING key")
                                  .bind(hub_, id.value, shown)
                                  .number());
    if (key) {
        projects_.emplace(id, *key);
    }
    return key;
}

Result<void> RegistryWriter::changed(Project const& project) {
    auto const& spec = project.spec;
    auto const url = spec.url.host.empty() ? std::nullopt : std::optional(to_text(spec.url));
    auto const key = key_from(
        database_
            .statement("INSERT INTO project (hub, id, name, url, description, critical, owner,"
                       " created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                       " ON CONFLICT (hub, id) DO UPDATE SET name = excluded.name,"
                       " url = excluded.url, description = excluded.description,"
                       " critical = excluded.critical, owner = excluded.owner,"
                       " created_at = excluded.created_at, updated_at = excluded.updated_at,"
                       " removed_at = NULL RETURNING key")
            .bind(hub_, project.id.value, spec.name, url, spec.description, spec.critical,
                  to_string(project.owner), project.created_at, project.updated_at)
            .number());
    if (!key) {
        return tl::unexpected(key.error());
    }
    projects_.insert_or_assign(project.id, *key);
    return {};
}

Result<void> RegistryWriter::changed(Service const& service) {
    auto const& spec = service.spec;
    auto const project_key = project(service.project_id, spec.project);
    if (!project_key) {
        return tl::unexpected(project_key.error());
    }
    auto const target = target_of(spec.probe);
    auto const key = key_from(
        database_
            .statement("INSERT INTO service (hub, id, project, name, service_type, probe_kind,"
                       " target, port, interval_ms, timeout_ms, retries, critical, owner,"
                       " created_at, updated_at, method, version, container_id) VALUES (?1, ?2, ?3,"
                       " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                       " nullif(?17, ''), nullif(?18, '')) ON CONFLICT (hub, id) DO UPDATE SET"
                       " project = excluded.project, name = excluded.name,"
                       " service_type = excluded.service_type, probe_kind = excluded.probe_kind,"
                       " target = excluded.target, port = excluded.port,"
                       " interval_ms = excluded.interval_ms, timeout_ms = excluded.timeout_ms,"
                       " retries = excluded.retries, critical = excluded.critical,"
                       " owner = excluded.owner, created_at = excluded.created_at,"
                       " updated_at = excluded.updated_at, method = excluded.method,"
                       " version = excluded.version, container_id = excluded.container_id,"
                       " removed_at = NULL RETURNING key")
            .bind(hub_, service.id.value, *project_key, spec.name, to_string(spec.type),
                  kind_of(spec.probe), target, stored_port(spec), spec.policy.interval.count(),
                  spec.policy.timeout.count(), std::int64_t{spec.policy.failure_threshold} - 1,
                  spec.critical, to_string(service.owner), service.created_at, service.updated_at,
                  stored_method(spec), spec.version, spec.container_id)
            .number());
    if (!key) {
        return tl::unexpected(key.error());
    }
    KnownService const known{*key, *project_key, spec.critical};
    auto const before = services_.find(service.id);
    bool const stays = before != services_.end() && before->second.project == known.project;
    services_.insert_or_assign(service.id, known);
    return stays ? Result<void>{} : move_events(known);
}

Result<void> RegistryWriter::removed(ProjectRemoved const& removed) {
    auto const key = project(removed.id, removed.name);
    if (!key) {
        return tl::unexpected(key.error());
    }
    return database_.statement("UPDATE project SET removed_at = ?2 WHERE key = ?1")
        .bind(*key, removed.at)
        .run();
}

Result<void> RegistryWriter::removed(ServiceRemoved const& removed) {
    auto const known = service(removed.id, removed.project, removed.name);
    if (!known) {
        return tl::unexpected(known.error());
    }
    return database_.statement("UPDATE service SET removed_at = ?2 WHERE key = ?1")
        .bind(known->key, removed.at)
        .run();
}

void RegistryWriter::forget() {
    hub_ = 0;
    services_.clear();
    projects_.clear();
}

}  // namespace muster
