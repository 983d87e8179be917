#include <muster/postgres/check_reader.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <muster/storage/check_values.hpp>

namespace muster::postgres {
namespace {

constexpr int kChecksAtOnce = 5'000;

struct Range {
    WallTime from{};
    WallTime until{};
};

/// The days that hold checks, as far as they lie in the range: each is read and ordered alone.
Result<std::vector<Range>> days_of(PostgresTransaction& transaction, WallTime from,
                                   WallTime until) {
    auto const rows = transaction.query(
        "SELECT DISTINCT (extract(epoch FROM starts) * 1000)::bigint,"
        " (extract(epoch FROM ends) * 1000)::bigint FROM part"
        " WHERE parent IN ('check_passed', 'check_failed') AND ends > $1 AND starts < $2"
        " ORDER BY 1",
        from, until);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    std::vector<Range> days;
    each_row(*rows, [&](PostgresRow const& row) {
        days.push_back({std::max(from, WallTime(Millis(row.integer(0)))),
                        std::min(until, WallTime(Millis(row.integer(1))))});
    });
    return days;
}

/// Only numbers and times of ours stand in it: a cursor takes no values.
std::string sql_of(std::vector<std::int64_t> const& services, Range range) {
    auto const condition =
        fmt::format(" WHERE service = ANY ('{{{}}}') AND at >= '{}' AND at < '{}'",
                    fmt::join(services, ","), time_text(range.from), time_text(range.until));
    return "DECLARE checks NO SCROLL CURSOR FOR SELECT (extract(epoch FROM at) * 1000)::bigint,"
           " service, took, response_us, state, error FROM (SELECT id, at, service, took,"
           " response_us, state, NULL::text AS error FROM check_passed" +
           condition +
           " UNION ALL SELECT id, at, service, took, response_us, state, error FROM check_failed" +
           condition + ") c ORDER BY c.at, c.id";
}

StoredCheck check_of(PostgresRow const& row) {
    StoredCheck check;
    check.at = WallTime(Millis(row.integer(0)));
    check.service = row.integer(1);
    check.took = row.integer(2);
    check.response_time = Micros(row.integer(3));
    check.status = static_cast<HealthStatus>(row.integer(4) & 3);
    check.downtime_ppm = row.integer(4) >> 2;
    check.error = row.text(5);
    return check;
}

/// False: the visitor has seen enough.
Result<bool> visit_day(PostgresTransaction& transaction, std::string const& sql,
                       StoredCheckVisitor const& visit, std::function<bool()> const& too_late) {
    auto done = transaction.script(sql);
    bool wants_more = true;
    std::size_t found = kChecksAtOnce;
    while (done && wants_more && found == kChecksAtOnce) {
        if (too_late()) {
            return failure(Errc::timed_out, "reading the history took too long");
        }
        done = transaction.script("FETCH " + std::to_string(kChecksAtOnce) + " FROM checks");
        found = done ? done->size() : 0;
        for (std::size_t row = 0; row < found && wants_more; ++row) {
            wants_more = visit(check_of(PostgresRow(*done, row)));
        }
    }
    if (done) {
        done = transaction.script("CLOSE checks");
    }
    return done ? Result<bool>(wants_more) : tl::unexpected(done.error());
}

}  // namespace

Result<void> visit_checks(PostgresTransaction& transaction,
                          std::vector<std::int64_t> const& services, WallTime from, WallTime until,
                          StoredCheckVisitor const& visit, std::function<bool()> const& too_late) {
    if (services.empty()) {
        return {};
    }
    auto const days = days_of(transaction, from, until);
    if (!days) {
        return tl::unexpected(days.error());
    }
    for (auto const& day : *days) {
        auto const more = visit_day(transaction, sql_of(services, day), visit, too_late);
        if (!more || !*more) {
            return more ? Result<void>{} : tl::unexpected(more.error());
        }
    }
    return {};
}

Result<void> read_checks(PostgresTransaction& transaction, std::string const& hub_id,
                         ChecksQuery const& query, HistoryReader::CheckVisitor const& visit,
                         std::function<bool()> const& too_late) {
    auto const found = transaction.query(
        "SELECT s.key, p.name, s.name FROM project p JOIN hub h ON h.key = p.hub"
        " JOIN service s ON s.project = p.key"
        " WHERE p.id = $1 AND ($2 = '' OR h.hub_id = $2) AND ($3 = 0 OR s.id = $3)",
        query.project.value, hub_id, query.service ? query.service->value : 0);
    if (!found) {
        return tl::unexpected(found.error());
    }
    std::vector<std::int64_t> keys;
    std::unordered_map<std::int64_t, std::pair<std::string, std::string>> names;
    each_row(*found, [&](PostgresRow const& row) {
        keys.push_back(row.integer(0));
        names.emplace(row.integer(0), std::pair(row.text(1), row.text(2)));
    });
    CheckRow shown;
    return visit_checks(
        transaction, keys, query.from, query.until,
        [&](StoredCheck const& check) {
            std::tie(shown.project, shown.service) = names.at(check.service);
            shown.status = check.status;
            shown.last_check = check.at - Millis(check.took);
            shown.recorded_at = check.at;
            shown.uptime_percent = uptime_of(check.downtime_ppm);
            shown.response_time = std::chrono::round<Millis>(check.response_time);
            shown.error = check.error;
            return visit(shown);
        },
        too_late);
}

}  // namespace muster::postgres
