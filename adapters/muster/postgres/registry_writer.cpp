#include <muster/postgres/registry_writer.hpp>

#include <muster/domain/probe_spec.hpp>
#include <muster/storage/registry_values.hpp>

namespace muster::postgres {
namespace {

/// The key that an INSERT … RETURNING gave.
Result<std::int64_t> key_from(Result<PostgresRows> const& rows) {
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    return rows->number().value_or(0);
}

}  // namespace

Result<std::int64_t> RegistryWriter::choose_hub(PostgresTransaction& transaction,
                                                std::string const& hub_id) {
    if (hub_ != 0 && hub_id == hub_id_) {
        return hub_;
    }
    forget();
    auto const key = key_from(transaction.prepared(
        "INSERT INTO hub (hub_id) VALUES ($1) ON CONFLICT (hub_id) DO UPDATE SET"
        " hub_id = excluded.hub_id RETURNING key",
        hub_id));
    if (!key) {
        return key;
    }
    auto made =
        transaction.run("INSERT INTO follower (hub) VALUES ($1) ON CONFLICT DO NOTHING", *key);
    if (made) {
        made = transaction.run(
            "INSERT INTO rollup_follower (hub) VALUES ($1) ON CONFLICT DO NOTHING", *key);
    }
    if (!made) {
        return tl::unexpected(made.error());
    }
    hub_id_ = hub_id;
    hub_ = *key;
    auto const read = read_services(transaction);
    return read ? key : tl::unexpected(read.error());
}

/// All at once: a batch names most of them.
Result<void> RegistryWriter::read_services(PostgresTransaction& transaction) {
    auto const rows = transaction.prepared(
        "SELECT id, key, project, critical::int FROM service WHERE hub = $1", hub_);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    each_row(*rows, [this](PostgresRow const& row) {
        KnownService known;
        known.key = row.integer(1);
        known.project = row.is_null(2) ? std::nullopt : std::optional(row.integer(2));
        known.critical = row.integer(3) != 0;
        services_.emplace(ServiceId{row.integer(0)}, known);
    });
    return {};
}

Result<RegistryWriter::KnownService> RegistryWriter::service(PostgresTransaction& transaction,
                                                             ServiceId id,
                                                             std::string_view project_name,
                                                             std::string_view name) {
    auto known = services_.find(id);
    if (known == services_.end()) {
        auto const made = make(transaction, id, name);
        if (!made) {
            return made;
        }
        known = services_.emplace(id, *made).first;
    }
    if (!known->second.project && !name.empty()) {
        auto const named = take_names(transaction, hub_, known->second, project_name, name);
        if (!named) {
            return tl::unexpected(named.error());
        }
    }
    return known->second;
}

Result<RegistryWriter::KnownService> RegistryWriter::make(PostgresTransaction& transaction,
                                                          ServiceId id,
                                                          std::string_view name) const {
    auto const key = key_from(transaction.prepared(
        "INSERT INTO service (hub, id, name) VALUES ($1, $2, $3) RETURNING key", hub_, id.value,
        name_or_id(name, id.value)));
    if (!key) {
        return tl::unexpected(key.error());
    }
    KnownService made;
    made.key = *key;
    return made;
}

Result<void> RegistryWriter::take_names(PostgresTransaction& transaction, std::int64_t hub,
                                        KnownService& known, std::string_view project_name,
                                        std::string_view name) {
    auto const project = transaction.prepared(
        "SELECT key FROM project WHERE hub = $1 AND name = $2"
        " ORDER BY removed_at IS NOT NULL, key DESC LIMIT 1",
        hub, project_name);
    if (!project) {
        return tl::unexpected(project.error());
    }
    known.project = project->number();
    auto named = transaction.run("UPDATE service SET project = $2, name = $3 WHERE key = $1",
                                 known.key, known.project, name);
    return named && known.project ? move_events(transaction, known) : named;
}

/// A service's events are found under its project of today.
Result<void> RegistryWriter::move_events(PostgresTransaction& transaction,
                                         KnownService const& known) {
    return transaction.run(
        "UPDATE event SET project = $2 WHERE service = $1 AND project IS DISTINCT FROM $2",
        known.key, known.project);
}

Result<std::int64_t> RegistryWriter::project(PostgresTransaction& transaction, ProjectId id,
                                             std::string_view name) {
    auto const known = projects_.find(id);
    if (known != projects_.end()) {
        return known->second;
    }
    // An update that changes nothing: it makes the row return its key.
    auto const key = key_from(transaction.prepared(
        "INSERT INTO project (hub, id, name) VALUES ($1, $2, $3) ON CONFLICT (hub, id)"
        " DO UPDATE SET id = excluded.id RETURNING key",
        hub_, id.value, name_or_id(name, id.value)));
    if (key) {
        projects_.emplace(id, *key);
    }
    return key;
}

Result<void> RegistryWriter::changed(PostgresTransaction& transaction, Project const& project) {
    auto const& spec = project.spec;
    auto const url = spec.url.host.empty() ? std::nullopt : std::optional(to_text(spec.url));
    auto const key = key_from(transaction.prepared(
        "INSERT INTO project (hub, id, name, url, description, critical, owner, created_at,"
        " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (hub, id) DO UPDATE SET name = excluded.name, url = excluded.url,"
        " description = excluded.description, critical = excluded.critical,"
        " owner = excluded.owner, created_at = excluded.created_at,"
        " updated_at = excluded.updated_at, removed_at = NULL RETURNING key",
        hub_, project.id.value, spec.name, url, spec.description, spec.critical,
        to_string(project.owner), project.created_at, project.updated_at));
    if (!key) {
        return tl::unexpected(key.error());
    }
    projects_.insert_or_assign(project.id, *key);
    return {};
}

Result<void> RegistryWriter::changed(PostgresTransaction& transaction, Service const& service) {
    auto const& spec = service.spec;
    auto const project_key = project(transaction, service.project_id, spec.project);
    if (!project_key) {
        return tl::unexpected(project_key.error());
    }
    auto const key = key_from(transaction.prepared(
        "INSERT INTO service (hub, id, project, name, service_type, probe_kind, target, port,"
        " interval_ms, timeout_ms, retries, critical, owner, created_at, updated_at, method,"
        " version, container_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
        " $14, $15, $16, nullif($17, ''), nullif($18, ''))"
        " ON CONFLICT (hub, id) DO UPDATE SET project = excluded.project, name = excluded.name,"
        " service_type = excluded.service_type, probe_kind = excluded.probe_kind,"
        " target = excluded.target, port = excluded.port, interval_ms = excluded.interval_ms,"
        " timeout_ms = excluded.timeout_ms, retries = excluded.retries,"
        " critical = excluded.critical, owner = excluded.owner, created_at = excluded.created_at,"
        " updated_at = excluded.updated_at, method = excluded.method, version = excluded.version,"
        " container_id = excluded.container_id, removed_at = NULL RETURNING key",
        hub_, service.id.value, *project_key, spec.name, to_string(spec.type), kind_of(spec.probe),
        target_of(spec.probe), stored_port(spec), spec.policy.interval.count(),
        spec.policy.timeout.count(), std::int64_t{spec.policy.failure_threshold} - 1, spec.critical,
        to_string(service.owner), service.created_at, service.updated_at, stored_method(spec),
        spec.version, spec.container_id));
    if (!key) {
        return tl::unexpected(key.error());
    }
    KnownService const known{*key, *project_key, spec.critical};
    auto const before = services_.find(service.id);
    bool const stays = before != services_.end() && before->second.project == known.project;
    services_.insert_or_assign(service.id, known);
    return stays ? Result<void>{} : move_events(transaction, known);
}

Result<void> RegistryWriter::removed(PostgresTransaction& transaction,
                                     ProjectRemoved const& removed) {
    auto const key = project(transaction, removed.id, removed.name);
    if (!key) {
        return tl::unexpected(key.error());
    }
    return transaction.run("UPDATE project SET removed_at = $2 WHERE key = $1", *key, removed.at);
}

Result<void> RegistryWriter::removed(PostgresTransaction& transaction,
                                     ServiceRemoved const& removed) {
    auto const known = service(transaction, removed.id, removed.project, removed.name);
    if (!known) {
        return tl::unexpected(known.error());
    }
    return transaction.run("UPDATE service SET removed_at = $2 WHERE key = $1", known->key,
                           removed.at);
}

void RegistryWriter::forget() {
    hub_ = 0;
    services_.clear();
    projects_.clear();
}

}  // namespace muster::postgres
