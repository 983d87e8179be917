#include <muster/sqlite/bucket_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include <muster/sqlite/check_reader.hpp>
#include <muster/sqlite/history_level.hpp>
#include <muster/sqlite/rollup_writer.hpp>

namespace muster {
namespace {

struct KnownService {
    std::int64_t key{0};
    ServiceId id;
    std::string name;
    WallTime since{};
    WallTime until{WallTime::max()};
    WallTime known_until{};
    Millis reach{0};
    std::optional<Watch> watch;
};

/// A check of a service before it is in order.
struct Check {
    std::int64_t at;
    std::int64_t slot;
    std::int64_t n;
    HealthStatus status;
    Micros response_time;
    bool failed;
};

WallTime wall(std::int64_t millis) {
    return WallTime(Millis(millis));
}

class BucketsRead {
public:
    BucketsRead(SqliteDatabase& database, std::function<bool()> const& too_late)
        : database_(database), too_late_(too_late) {}

    Result<void> find_services(std::string const& hub_id, BucketsQuery const& query) {
        auto const wanted = query.service ? query.service->value : 0;
        return database_
            .statement(
                "SELECT s.key, s.id, s.name, s.created_at, s.removed_at,"
                " coalesce(2 * s.interval_ms + s.timeout_ms, 0), coalesce(f.known_until, 0),"
                " w.service, w.reach_ms, w.last_at, w.last_reach_ms, w.last, w.suspect_since,"
                " w.maintenance"
                " FROM project p JOIN hub h ON h.key = p.hub JOIN service s ON s.project = p.key"
                " LEFT JOIN rollup_follower f ON f.hub = h.key"
                " LEFT JOIN rollup_watch w ON w.service = s.key"
                " WHERE p.id = ?1 AND (?2 = '' OR h.hub_id = ?2) AND (?3 = 0 OR s.id = ?3)"
                " ORDER BY s.hub, s.id")
            .bind(query.project.value, hub_id, wanted)
            .each([this](SqliteStatement const& row) {
                KnownService service;
                service.key = row.integer(0);
                service.id = ServiceId{row.integer(1)};
                service.name = row.text(2);
                service.since = wall(row.integer(3));
                service.until = row.is_null(4) ? WallTime::max() : wall(row.integer(4));
                service.reach = Millis(row.integer(5));
                service.known_until = wall(row.integer(6));
                if (!row.is_null(7)) {
                    service.watch = watch_of(row, 8);
                }
                services_.push_back(std::move(service));
            });
    }

    [[nodiscard]] std::vector<KnownService> const& services() const { return services_; }

    Result<void> read(BucketSeries& series, HistoryLevel level) {
        Result<void> done;
        for (auto const& service : services_) {
            done = level == HistoryLevel::checks
                       ? read_checks_of(series, service)
                       : read_rollups_of(series, service,
                                         level == HistoryLevel::hours ? kHours : kMinutes);
            if (!done) {
                break;
            }
        }
        return done;
    }

private:
    Result<void> read_rollups_of(BucketSeries& series, KnownService const& service,
                                 RollupLevel const& level) {
        series.begin({service.id, service.since, std::min(service.until, service.known_until)});
        auto const oldest = database_.statement(level.oldest).bind().number();
        if (!oldest) {
            return tl::unexpected(oldest.error());
        }
        auto const span = level.span.count();
        auto const first = std::max(series.from().time_since_epoch().count() / span,
                                    oldest->value_or(std::numeric_limits<std::int64_t>::max()));
        auto const end = (series.until().time_since_epoch().count() + span - 1) / span;
        auto& statement = database_.statement(level.read);
        for (auto at = first; at < end; ++at) {
            auto const read = statement.bind(at, service.key).each([&](SqliteStatement const& row) {
                series.add(WallTime(Millis(at * span)), rollup_of(row, level.span));
            });
            if (!read) {
                return read;
            }
            if (at % 256 == 0 && too_late_()) {
                return failure(Errc::timed_out, "reading the history took too long");
            }
        }
        if (service.watch) {
            series.add_time(time_up_to(*service.watch, service.known_until));
        }
        return {};
    }

    Result<void> read_checks_of(BucketSeries& series, KnownService const& service) {
        series.begin({service.id, service.since, std::min(service.until, series.until())});
        auto const from = (series.from() - service.reach).time_since_epoch().count();
        auto const until = series.until().time_since_epoch().count();
        std::vector<std::pair<std::int64_t, std::int64_t>> slots;  // and their start
        auto read = database_.statement(kSlotsSql)
                        .bind(from, until)
                        .each([&slots](SqliteStatement const& row) {
                            slots.emplace_back(row.integer(0), row.integer(1));
                        });
        std::vector<Check> checks;
        for (auto const& slot : slots) {
            if (read && too_late_()) {
                return failure(Errc::timed_out, "reading the history took too long");
            }
            if (read) {
                read = read_slot(slot.first, slot.second, service.key, {from, until}, checks);
            }
        }
        if (!read) {
            return read;
        }
        std::sort(checks.begin(), checks.end(), [](Check const& a, Check const& b) {
            return std::tie(a.at, a.slot, a.n) < std::tie(b.at, b.slot, b.n);
        });
        CheckSeries written(series, service.reach);
        for (auto const& check : checks) {
            written.add(wall(check.at), check.status, check.response_time, check.failed);
        }
        written.finish();
        return {};
    }

    Result<void> read_slot(std::int64_t slot, std::int64_t start_at, std::int64_t service,
                           std::pair<std::int64_t, std::int64_t> range,
                           std::vector<Check>& checks) {
        return database_.statement(kChecksOfSlotSql)
            .bind(slot, service, range.first - start_at, range.second - start_at)
            .each([&](SqliteStatement const& row) {
                checks.push_back({start_at + row.integer(0), slot, row.integer(1),
                                  static_cast<HealthStatus>(row.integer(3)), Micros(row.integer(5)),
                                  !row.is_null(6)});
            });
    }

    SqliteDatabase& database_;
    std::function<bool()> const& too_late_;
    std::vector<KnownService> services_;
};

}  // namespace

Result<std::vector<BucketRow>> read_buckets(SqliteDatabase& database, std::string const& hub_id,
                                            BucketsQuery const& query,
                                            std::function<bool()> const& too_late) {
    auto const kept = read_kept(database);
    if (!kept) {
        return tl::unexpected(kept.error());
    }
    auto const choice = choose_level(query.step, query.from,
                                     {kept->checks_since, kept->minutes_since, kept->hours_since});
    BucketSeries series(query.from, query.until, choice.step);
    BucketsRead read(database, too_late);
    auto done = read.find_services(hub_id, query);
    if (!done) {
        return tl::unexpected(done.error());
    }
    auto const& services = read.services();
    if (series.size(services.size()) > BucketSeries::kMost) {
        return failure(Errc::invalid, too_many_buckets(series.size(services.size())));
    }
    done = read.read(series, choice.level);
    if (!done) {
        return tl::unexpected(done.error());
    }
    std::vector<BucketRow> rows;
    for (auto& bucket : series.take()) {
        rows.push_back({services[bucket.number].name, std::move(bucket)});
    }
    return rows;
}

}  // namespace muster
