#include <muster/postgres/advisory_lock.hpp>

#include <utility>

#include <muster/base/hash.hpp>

namespace muster::postgres {
namespace {

/// Apart from the numbers that have a name.
std::int32_t lock_of(std::string const& hub_id) {
    return static_cast<std::int32_t>(stable_hash(hub_id) | 0x8000'0000U);
}

/// Who holds a lock of ours, for people.
std::string holder_of(PostgresTransaction& transaction, std::int32_t lock) {
    auto const rows = transaction.query(
        "SELECT coalesce(host(a.client_addr), 'a local socket'),"
        " to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
        " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2"
        " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND l.classid::bigint = $1 AND l.objid::bigint = $2",
        std::int64_t{kLockClass}, std::int64_t{static_cast<std::uint32_t>(lock)});
    if (!rows || rows->size() == 0) {
        return {};
    }
    return ", connected from " + std::string(rows->text(0, 0)) + " since " +
           std::string(rows->text(0, 1));
}

}  // namespace

Result<void> claim_hub(PostgresConnection& connection, std::string const& hub_id, Millis patience) {
    auto const lock = lock_of(hub_id);
    Error refusal;
    {
        auto transaction = PostgresTransaction::begin(connection, PostgresTransaction::Kind::write);
        if (!transaction) {
            return tl::unexpected(transaction.error());
        }
        auto const taken =
            (*transaction)
                ->script("SET LOCAL lock_timeout = " + std::to_string(patience.count()) +
                         "; SELECT pg_advisory_lock(" + std::to_string(kLockClass) + ", " +
                         std::to_string(lock) + ")");
        if (taken) {
            return (*transaction)->commit();
        }
        refusal = taken.error();
    }
    if (!connection.alive()) {
        return tl::unexpected(std::move(refusal));
    }
    auto transaction =
        PostgresTransaction::begin(connection, PostgresTransaction::Kind::one_moment);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto const holder = holder_of(**transaction, lock);
    if (holder.empty()) {
        return tl::unexpected(std::move(refusal));  // it was not that: retry
    }
    return failure(Errc::conflict, "another hub writes to this database as '" + hub_id + "'" +
                                       holder +
                                       ": stop it, or give this one another id (hub.id, HUB_ID)");
}

}  // namespace muster::postgres
