#include <muster/postgres/partitions.hpp>

#include <iterator>

#include <fmt/format.h>

#include <muster/postgres/advisory_lock.hpp>
#include <muster/postgres/schema.hpp>
#include <muster/postgres/values.hpp>

namespace muster::postgres {
namespace {

using Place = Partitions::Place;

constexpr Millis kDay{86'400'000};
constexpr Millis kHoursSpan{28 * kDay};

constexpr Millis span_of(Facts facts) noexcept {
    return facts == Facts::hours ? kHoursSpan : kDay;
}

/// Rows of the rollups are written again when more of their span comes: with room on the page the
/// new version lies beside the old and no index is touched.
std::string_view storage_of(Facts facts) noexcept {
    switch (facts) {
        case Facts::passed:
        case Facts::failed:
            return "";
        case Facts::minutes:
            return " WITH (fillfactor = 90)";
        case Facts::hours:
            return " WITH (fillfactor = 70)";
    }
    return "";
}

std::string quoted(WallTime time) {
    return "'" + time_text(time) + "'";
}

/// Made beside the parent and attached: that lets readers and writers of the others go on.
std::string sql_that_makes(Place place, CheckLayout const& layout) {
    auto const table = table_of(place.facts);
    auto const name = Partitions::name_of(place);
    auto const start = quoted(Partitions::start_of(place));
    auto const end = quoted(Partitions::end_of(place));
    auto const noted = fmt::format(
        "INSERT INTO muster.part (parent, name, starts, ends) VALUES ('{1}', '{0}', {2}, {3});",
        name, table, start, end);
    if (is_hypertable(layout, place.facts)) {
        return noted;
    }
    return fmt::format(
        "CREATE TABLE muster.{0} (LIKE muster.{1} INCLUDING ALL){2};"
        "ALTER TABLE muster.{1} ATTACH PARTITION muster.{0} FOR VALUES FROM ({3}) TO ({4});{5}",
        name, table, storage_of(place.facts), start, end, noted);
}

Result<std::set<std::string>> names_there(PostgresTransaction& transaction) {
    auto const rows = transaction.query("SELECT name FROM part");
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    std::set<std::string> names;
    each_row(*rows, [&names](PostgresRow const& row) { names.emplace(row.text(0)); });
    return names;
}

Result<void> make(PostgresConnection& connection, std::set<Place> const& places,
                  CheckLayout const& layout) {
    auto transaction = PostgresTransaction::begin(connection, PostgresTransaction::Kind::write);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto const held = hold_schema(connection, **transaction);
    if (!held) {
        return held;
    }
    auto const locked =
        (*transaction)->query("SELECT pg_advisory_xact_lock($1, $2)", kLockClass, kPartitionLock);
    if (!locked) {
        return tl::unexpected(locked.error());
    }
    auto const there = names_there(**transaction);
    if (!there) {
        return tl::unexpected(there.error());
    }
    std::string sql;
    for (auto const place : places) {
        sql += there->count(Partitions::name_of(place)) == 0 ? sql_that_makes(place, layout) : "";
    }
    if (!sql.empty()) {
        auto const made = (*transaction)->script(sql);
        if (!made) {
            return tl::unexpected(made.error());
        }
    }
    return (*transaction)->commit();
}

}  // namespace

std::string_view table_of(Facts facts) noexcept {
    switch (facts) {
        case Facts::passed:
            return "check_passed";
        case Facts::failed:
            return "check_failed";
        case Facts::minutes:
            return "rollup_minute";
        case Facts::hours:
            return "rollup_hour";
    }
    return "";
}

bool is_hypertable(CheckLayout const& layout, Facts facts) noexcept {
    return layout.hypertables() && (facts == Facts::passed || facts == Facts::failed);
}

Place Partitions::place_of(Facts facts, WallTime at) noexcept {
    auto const span = span_of(facts).count();
    auto const millis = within_calendar(at).time_since_epoch().count();
    return {facts, millis / span - (millis % span < 0 ? 1 : 0)};
}

WallTime Partitions::start_of(Place place) noexcept {
    return WallTime(place.number * span_of(place.facts));
}

WallTime Partitions::end_of(Place place) noexcept {
    return WallTime((place.number + 1) * span_of(place.facts));
}

std::string Partitions::name_of(Place place) {
    auto const day = time_text(start_of(place)).substr(0, 10);  // 2026-11-22
    return fmt::format("{}_{}{}{}", table_of(place.facts), day.substr(0, 4), day.substr(5, 2),
                       day.substr(8, 2));
}

Result<void> Partitions::make_ready(PostgresConnection& connection, std::set<Place> const& places) {
    std::set<Place> wanted;
    for (auto const place : places) {
        if (ready_.count(place) == 0) {
            wanted.insert(place);
            Place const next{place.facts, place.number + 1};
            if (within_calendar(start_of(next)) == start_of(next)) {
                wanted.insert(next);
            }
        }
    }
    if (wanted.empty()) {
        return {};
    }
    auto made = make(connection, wanted, layout_);
    if (made) {
        ready_.insert(places.begin(), places.end());
    }
    return made;
}

Result<void> PartAccount::add(PostgresTransaction& transaction,
                              std::map<Place, std::int64_t> const& bytes) {
    for (auto const& [place, more] : bytes) {
        owed_[place] += more;
    }
    for (auto owed = owed_.begin(); owed != owed_.end();) {
        auto const booked = transaction.prepared(
            "WITH free AS (SELECT name FROM part WHERE name = $1 FOR UPDATE SKIP LOCKED),"
            " booked AS (UPDATE part SET bytes = greatest(bytes + $2, 0) FROM free"
            " WHERE part.name = free.name RETURNING 1)"
            " SELECT (SELECT count(*) FROM part WHERE name = $1) - (SELECT count(*) FROM booked)",
            Partitions::name_of(owed->first), owed->second);
        if (!booked) {
            return tl::unexpected(booked.error());
        }
        owed = booked->number().value_or(0) > 0 ? std::next(owed) : owed_.erase(owed);
    }
    return {};
}

}  // namespace muster::postgres
