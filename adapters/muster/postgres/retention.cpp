#include <muster/postgres/retention.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <muster/postgres/advisory_lock.hpp>
#include <muster/postgres/check_writer.hpp>
#include <muster/postgres/history_level.hpp>
#include <muster/postgres/partitions.hpp>
#include <muster/postgres/schema.hpp>

namespace muster::postgres {
namespace {

constexpr std::int64_t kRemovedAtOnce = 5'000;
/// Of a partition that shall not go as a whole rows are removed one by one up to this size; larger
/// ones go by the day: each slice sorts all rows of the partition, and gives no disk back.
constexpr std::int64_t kFewBytes = std::int64_t{16} << 20U;
/// Of parts: whatever their age.
constexpr std::string_view kHoldsRows = "bytes > 0 AND starts <> $2";
/// How long dropping may hold up those who read and write the other partitions.
constexpr std::string_view kDropPatience = "500ms";

/// How the rows of a table are weighed.
struct Weight {
    std::int64_t row;
    std::string_view text;  ///< Of what lies beside, as SQL.
};

Weight weight_of(Facts facts) noexcept {
    switch (facts) {
        case Facts::passed:
            return {CheckWriter::kBytes, "0"};
        case Facts::failed:
            return {CheckWriter::kBytes + CheckWriter::kErrorBytes, "octet_length(error)"};
        case Facts::minutes:
        case Facts::hours:
            return {RollupLevel::kRowBytes, "coalesce(length(sketch), 0)"};
    }
    return {0, "0"};
}

struct Part {
    std::string name;
    WallTime ends{};
    std::int64_t bytes{0};
};

class Forgetting {
public:
    Forgetting(PostgresTransaction& transaction, CheckLayout const& layout,
               ResultStore::Retention const& retention)
        : transaction_(transaction), layout_(layout), retention_(retention) {}

    /// True: something was removed.
    Result<bool> some() {
        auto const kept = keep_since();
        if (!kept) {
            return tl::unexpected(kept.error());
        }
        auto more = by_age(Facts::passed, retention_.checks_before);
        also(more, [this] { return by_age(Facts::failed, retention_.failures_before); });
        also(more, [this] { return excess_checks(); });
        also(more, [this] { return by_age(Facts::minutes, floored(kMinutes)); });
        also(more, [this] { return excess_rollups(kMinutes, retention_.minutes_bytes); });
        also(more, [this] { return by_age(Facts::hours, floored(kHours)); });
        also(more, [this] { return excess_rollups(kHours, retention_.hours_bytes); });
        also(more, [this] { return rows("project_metric", retention_.metrics_before); });
        also(more, [this] { return rows("event", retention_.events_before); });
        also(more, [this] { return rows("hub_health", retention_.events_before); });
        also(more, [this] { return rows("gap", retention_.events_before); });
        return more;
    }

private:
    template <class Next>
    static void also(Result<bool>& more, Next next) {
        if (more && !*more) {
            more = next();
        }
    }

    [[nodiscard]] WallTime floored(RollupLevel const& level) const {
        auto const before =
            level.facts == Facts::hours ? retention_.hours_before : retention_.minutes_before;
        return WallTime(before.time_since_epoch() / level.span * level.span);
    }

    /// Readers look at coarser levels for what is before this, whether it is gone already or not.
    Result<void> keep_since() {
        auto const millis = [](WallTime time) { return time.time_since_epoch().count(); };
        auto done = keep_level_since(transaction_, "check", millis(retention_.checks_before));
        for (auto const* level : {&kMinutes, &kHours}) {
            if (done) {
                done = keep_level_since(transaction_, level->name, millis(floored(*level)));
            }
        }
        return done;
    }

    /// `condition`: on part, with $2.
    Result<std::optional<Part>> oldest_part(Facts facts, std::string_view condition,
                                            WallTime before) {
        auto const rows = transaction_.query(
            "SELECT name, (extract(epoch FROM ends) * 1000)::bigint, bytes FROM part"
            " WHERE parent = $1 AND " +
                std::string(condition) + " ORDER BY starts LIMIT 1",
            table_of(facts), before);
        if (!rows) {
            return tl::unexpected(rows.error());
        }
        if (rows->size() == 0) {
            return std::optional<Part>();
        }
        return std::optional(Part{std::string(rows->text(0, 0)),
                                  WallTime(Millis(rows->integer(0, 1))), rows->integer(0, 2)});
    }

    Result<bool> by_age(Facts facts, WallTime before) {
        auto const whole = oldest_part(facts, "ends <= $2", before);
        if (!whole || *whole) {
            return whole ? drop(facts, **whole) : tl::unexpected(whole.error());
        }
        if (is_hypertable(layout_, facts)) {
            return false;  // rows go with their day: it may be compressed
        }
        auto const begun = oldest_part(
            facts, fmt::format("starts < $2 AND bytes BETWEEN 1 AND {}", kFewBytes), before);
        if (!begun || !*begun) {
            return begun ? Result<bool>(false) : tl::unexpected(begun.error());
        }
        return remove_rows(facts, (*begun)->name, before);
    }

    /// What waits for the lock on the parent lets nobody else have it: so it does not wait long.
    Result<bool> drop(Facts facts, Part const& part) {
        auto const drops = is_hypertable(layout_, facts)
                               ? fmt::format(
                                     "SELECT {}.drop_chunks('muster.{}'::regclass, older_than =>"
                                     " timestamptz '{}')",
                                     layout_.timescale, table_of(facts), time_text(part.ends))
                               : "DROP TABLE muster." + part.name;
        auto const done =
            transaction_.script(fmt::format("SET LOCAL lock_timeout = '{0}'; {1};"
                                            "DELETE FROM muster.part WHERE name = '{2}';"
                                            "SET LOCAL lock_timeout TO DEFAULT",
                                            kDropPatience, drops, part.name));
        return done ? Result<bool>(true) : tl::unexpected(done.error());
    }

    /// The oldest rows before a moment, a slice of them.
    Result<bool> remove_rows(Facts facts, std::string const& part, WallTime before) {
        auto const weight = weight_of(facts);
        auto const removed = transaction_.query(
            fmt::format("WITH gone AS (DELETE FROM {0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {0}"
                        " WHERE at < $1 ORDER BY at LIMIT {1})) RETURNING {2} + {3} AS bytes)"
                        " SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM gone",
                        part, kRemovedAtOnce, weight.row, weight.text),
            before);
        if (!removed) {
            return tl::unexpected(removed.error());
        }
        if (removed->integer(0, 0) == 0) {
            return false;
        }
        return book(part, removed->integer(0, 1));
    }

    /// So many bytes less are in a partition.
    Result<bool> book(std::string const& part, std::int64_t bytes) {
        auto const booked = transaction_.run(
            "UPDATE part SET bytes = greatest(bytes - $2, 0) WHERE name = $1", part, bytes);
        return booked ? Result<bool>(true) : tl::unexpected(booked.error());
    }

    Result<std::int64_t> bytes_of(std::string_view first, std::string_view second) {
        auto const sum = transaction_.prepared(
            "SELECT coalesce(sum(bytes), 0)::bigint FROM part WHERE parent IN ($1, $2)", first,
            second);
        if (!sum) {
            return tl::unexpected(sum.error());
        }
        return sum->number().value_or(0);
    }

    /// By size: of what passed the oldest, else of what failed.
    Result<bool> excess_checks() {
        if (retention_.checks_bytes == 0) {
            return false;
        }
        auto const bytes = bytes_of(table_of(Facts::passed), table_of(Facts::failed));
        auto const excess = bytes ? *bytes - static_cast<std::int64_t>(retention_.checks_bytes) : 0;
        if (!bytes || excess <= 0) {
            return bytes ? Result<bool>(false) : tl::unexpected(bytes.error());
        }
        auto const passed = bytes_of(table_of(Facts::passed), "");
        if (!passed) {
            return tl::unexpected(passed.error());
        }
        return remove_excess(*passed > 0 ? Facts::passed : Facts::failed, "check", Millis(1),
                             excess);
    }

    Result<bool> excess_rollups(RollupLevel const& level, std::uint64_t most) {
        auto const bytes = bytes_of(table_of(level.facts), "");
        if (!bytes || most == 0 || static_cast<std::uint64_t>(*bytes) <= most) {
            return bytes ? Result<bool>(false) : tl::unexpected(bytes.error());
        }
        return remove_excess(level.facts, level.name, level.span,
                             *bytes - static_cast<std::int64_t>(most));
    }

    /// The oldest partition where all of it is too much, else its oldest rows, if it has few.
    Result<bool> remove_excess(Facts facts, std::string_view level, Millis span,
                               std::int64_t excess) {
        auto const part = oldest_part(facts, kHoldsRows, WallTime::max());
        if (!part || !*part) {
            return part ? Result<bool>(false) : tl::unexpected(part.error());
        }
        if ((*part)->bytes <= excess) {
            auto const kept =
                keep_level_since(transaction_, level, (*part)->ends.time_since_epoch().count());
            return kept ? drop(facts, **part) : tl::unexpected(kept.error());
        }
        if (is_hypertable(layout_, facts)) {
            return false;
        }
        if ((*part)->bytes > kFewBytes) {
            return false;
        }
        return remove_oldest(facts, **part, level, span, excess);
    }

    Result<bool> remove_oldest(Facts facts, Part const& part, std::string_view level, Millis span,
                               std::int64_t excess) {
        auto const rows =
            std::clamp<std::int64_t>(excess / weight_of(facts).row, 1, kRemovedAtOnce);
        auto const newest = transaction_.query(fmt::format(
            "SELECT (extract(epoch FROM max(at)) * 1000)::bigint FROM (SELECT at FROM {}"
            " ORDER BY at LIMIT {}) oldest",
            part.name, rows));
        if (!newest) {
            return tl::unexpected(newest.error());
        }
        if (!newest->number()) {
            return book(part.name, part.bytes);  // there were none
        }
        auto const until = WallTime(Millis(*newest->number())) + span;
        auto const kept = keep_level_since(transaction_, level, until.time_since_epoch().count());
        return kept ? remove_rows(facts, part.name, until) : tl::unexpected(kept.error());
    }

    Result<bool> rows(std::string_view table, WallTime before) {
        auto const removed = transaction_.query(
            fmt::format("DELETE FROM {0} WHERE id = ANY (ARRAY(SELECT id FROM {0} WHERE at < $1"
                        " ORDER BY at LIMIT {1}))",
                        table, kRemovedAtOnce),
            before);
        if (!removed) {
            return tl::unexpected(removed.error());
        }
        return removed->affected() > 0;
    }

    PostgresTransaction& transaction_;
    CheckLayout const& layout_;
    ResultStore::Retention const& retention_;
};

}  // namespace

Result<bool> forget_slice(PostgresConnection& connection, CheckLayout const& layout,
                          ResultStore::Retention const& retention) {
    auto transaction = PostgresTransaction::begin(connection, PostgresTransaction::Kind::write);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto const held = hold_schema(connection, **transaction);
    if (!held) {
        return tl::unexpected(held.error());
    }
    // Partitions are dropped by one hub at a time; another one that is at it does our work.
    auto const alone =
        (*transaction)
            ->query("SELECT pg_try_advisory_xact_lock($1, $2)::int", kLockClass, kPartitionLock);
    if (!alone || alone->number().value_or(0) == 0) {
        return alone ? Result<bool>(false) : tl::unexpected(alone.error());
    }
    auto more = Forgetting(**transaction, layout, retention).some();
    auto const committed = more ? (*transaction)->commit() : tl::unexpected(more.error());
    if (!committed) {
        return tl::unexpected(committed.error());
    }
    return more;
}

}  // namespace muster::postgres
