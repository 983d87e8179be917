#include <muster/postgres/advisory_lock.hpp>

#include <optional>
#include <utility>

#include <muster/base/hash.hpp>

namespace muster::postgres {
namespace {

/// Apart from the numbers that have a name.
std::int32_t lock_of(std::string const& hub_id) {
    return static_cast<std::int32_t>(stable_hash(hub_id) | 0x8000'0000U);
}

std::int32_t lock_of_owner(std::string const& owner) {
    return static_cast<std::int32_t>(stable_hash(owner));
}

/// As pg_locks shows it.
std::int64_t shown(std::int32_t number) {
    return std::int64_t{static_cast<std::uint32_t>(number)};
}

/// Who holds a lock of ours.
struct Holder {
    std::string from;       ///< For people.
    bool is_owner{false};   ///< The same as ours.
    bool is_in_use{false};  ///< A statement was sent on it since our session began.
};

Result<std::optional<Holder>> holder_of(PostgresTransaction& transaction, std::int32_t lock,
                                        std::string const& owner) {
    auto const rows = transaction.query(
        "SELECT coalesce(host(a.client_addr), 'a local socket'),"
        " to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
        " EXISTS (SELECT FROM pg_locks o WHERE o.pid = l.pid AND o.locktype = 'advisory'"
        " AND o.granted AND o.objsubid = 2 AND o.database = l.database"
        " AND o.classid::bigint = $3 AND o.objid::bigint = $4)::int,"
        " coalesce(a.query_start > (SELECT backend_start FROM pg_stat_activity"
        " WHERE pid = pg_backend_pid()), false)::int"
        " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2"
        " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND l.classid::bigint = $1 AND l.objid::bigint = $2",
        shown(kLockClass), shown(lock), shown(kOwnerClass), shown(lock_of_owner(owner)));
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    if (rows->size() == 0) {
        return std::optional<Holder>();
    }
    return std::optional(Holder{"connected from " + std::string(rows->text(0, 0)) + " since " +
                                    std::string(rows->text(0, 1)),
                                !owner.empty() && rows->integer(0, 2) == 1,
                                rows->integer(0, 3) == 1});
}

std::string pair_of(std::int32_t type, std::int32_t number) {
    return "(" + std::to_string(type) + ", " + std::to_string(number) + ")";
}

Result<void> take(PostgresTransaction& transaction, std::int32_t lock, std::string const& owner,
                  Millis patience) {
    auto sql = "SET LOCAL lock_timeout = " + std::to_string(patience.count()) +
               "; SELECT pg_advisory_lock" + pair_of(kLockClass, lock);
    if (!owner.empty()) {
        sql += "; SELECT pg_try_advisory_lock" + pair_of(kOwnerClass, lock_of_owner(owner));
    }
    auto const taken = transaction.script(sql);
    return taken ? transaction.commit() : tl::unexpected(taken.error());
}

}  // namespace

Result<void> claim_hub(PostgresConnection& connection, std::string const& hub_id,
                       std::string const& owner, Millis patience) {
    auto const lock = lock_of(hub_id);
    Error refusal;
    {
        auto transaction = PostgresTransaction::begin(connection, PostgresTransaction::Kind::write);
        if (!transaction) {
            return tl::unexpected(transaction.error());
        }
        auto taken = take(**transaction, lock, owner, patience);
        if (taken) {
            return taken;
        }
        refusal = std::move(taken.error());
    }
    if (!connection.alive()) {
        return tl::unexpected(std::move(refusal));
    }
    auto transaction =
        PostgresTransaction::begin(connection, PostgresTransaction::Kind::one_moment);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto const holder = holder_of(**transaction, lock, owner);
    if (!holder || !*holder) {
        return tl::unexpected(std::move(refusal));  // it was not that: retry
    }
    if ((*holder)->is_owner && !(*holder)->is_in_use) {
        return failure(Errc::unavailable, "an earlier session of this hub's own, " +
                                              (*holder)->from +
                                              ", has not ended yet: the server ends it when it"
                                              " finds that nobody is there any more");
    }
    return failure(Errc::conflict, "another hub writes to this database as '" + hub_id + "', " +
                                       (*holder)->from +
                                       ": stop it, or give this one another id (hub.id, HUB_ID)");
}

}  // namespace muster::postgres
