#include <muster/postgres/bucket_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <muster/postgres/check_reader.hpp>
#include <muster/postgres/history_level.hpp>
#include <muster/postgres/rollup_writer.hpp>

namespace muster::postgres {
namespace {

constexpr std::int64_t kRowsAtOnce = 20'000;

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

WallTime wall(std::int64_t millis) {
    return WallTime(Millis(millis));
}

class BucketsRead {
public:
    BucketsRead(PostgresTransaction& transaction, std::function<bool()> const& too_late)
        : transaction_(transaction), too_late_(too_late) {}

    Result<void> find_services(std::string const& hub_id, BucketsQuery const& query) {
        auto const rows = transaction_.query(
            "SELECT s.key, s.id, s.name, (extract(epoch FROM s.created_at) * 1000)::bigint,"
            " (extract(epoch FROM s.removed_at) * 1000)::bigint,"
            " coalesce(2 * s.interval_ms + s.timeout_ms, 0), coalesce(f.known_until, 0),"
            " w.service, w.reach_ms, w.last_at, w.last_reach_ms, w.last, w.suspect_since,"
            " w.maintenance::int"
            " FROM project p JOIN hub h ON h.key = p.hub JOIN service s ON s.project = p.key"
            " LEFT JOIN rollup_follower f ON f.hub = h.key"
            " LEFT JOIN rollup_watch w ON w.service = s.key"
            " WHERE p.id = $1 AND ($2 = '' OR h.hub_id = $2) AND ($3 = 0 OR s.id = $3)"
            " ORDER BY s.hub, s.id",
            query.project.value, hub_id, query.service ? query.service->value : 0);
        if (!rows) {
            return tl::unexpected(rows.error());
        }
        each_row(*rows, [this](PostgresRow const& row) {
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
        return {};
    }

    [[nodiscard]] std::vector<KnownService> const& services() const { return services_; }

    Result<void> read(BucketSeries& series, HistoryLevel level) {
        if (level == HistoryLevel::checks) {
            return each_service(
                [&](KnownService const& service) { return read_checks_of(series, service); });
        }
        return read_rollups(series, level == HistoryLevel::hours ? kHours : kMinutes);
    }

private:
    template <class Read>
    Result<void> each_service(Read read) {
        for (auto const& service : services_) {
            if (too_late_()) {
                return late();
            }
            auto done = read(service);
            if (!done) {
                return done;
            }
        }
        return {};
    }

    static tl::unexpected<Error> late() {
        return failure(Errc::timed_out, "reading the history took too long");
    }

    /// By one query for as many services as fit into memory with room to spare.
    Result<void> read_rollups(BucketSeries& series, RollupLevel const& level) {
        auto const rows_each = (series.until() - series.from()) / level.span + 1;
        auto const at_once = std::max<std::int64_t>(kRowsAtOnce / rows_each, 1);
        for (auto group = services_.begin(); group != services_.end();) {
            auto const end = group + std::min(at_once, services_.end() - group);
            if (too_late_()) {
                return late();
            }
            auto read = read_rollups_of({group, end}, series, level);
            if (!read) {
                return read;
            }
            group = end;
        }
        return {};
    }

    Result<void> read_rollups_of(std::span<KnownService const> services, BucketSeries& series,
                                 RollupLevel const& level) {
        PostgresArray keys;
        for (auto const& service : services) {
            keys.add(service.key);
        }
        auto const rows = transaction_.query(
            "SELECT r.service, (date_part('epoch', r.at) * 1000)::bigint, " +
                std::string(kRollupColumns) + " FROM " + std::string(table_of(level.facts)) +
                " r WHERE r.service = ANY ($1::int[]) AND r.at >= $2 AND r.at < $3"
                " ORDER BY r.service, r.at",
            keys.text(), series.from(), series.until());
        if (!rows) {
            return tl::unexpected(rows.error());
        }
        // In the order of the keys.
        auto const first_from = [&rows](std::int64_t key) {
            std::size_t first = 0;
            for (auto left = rows->size(); left > 0;) {
                auto const half = left / 2;
                bool const before = rows->integer(first + half, 0) < key;
                first += before ? half + 1 : 0;
                left = before ? left - half - 1 : half;
            }
            return first;
        };
        for (auto const& service : services) {
            series.begin({service.id, service.since, std::min(service.until, service.known_until)});
            auto const end = first_from(service.key + 1);
            for (auto row = first_from(service.key); row < end; ++row) {
                PostgresRow const shown(*rows, row);
                series.add(wall(shown.integer(1)), rollup_of(shown, 2, level.span));
            }
            if (service.watch) {
                series.add_time(time_up_to(*service.watch, service.known_until));
            }
        }
        return {};
    }

    Result<void> read_checks_of(BucketSeries& series, KnownService const& service) {
        series.begin({service.id, service.since, std::min(service.until, series.until())});
        CheckSeries written(series, service.reach);
        auto read = visit_checks(
            transaction_, {service.key}, series.from() - service.reach, series.until(),
            [&written](StoredCheck const& check) {
                written.add(check.at, check.status, check.response_time, !check.error.empty());
                return true;
            },
            too_late_);
        if (read) {
            written.finish();
        }
        return read;
    }

    PostgresTransaction& transaction_;
    std::function<bool()> const& too_late_;
    std::vector<KnownService> services_;
};

}  // namespace

Result<std::vector<BucketRow>> read_buckets(PostgresTransaction& transaction,
                                            std::string const& hub_id, BucketsQuery const& query,
                                            std::function<bool()> const& too_late) {
    auto const kept = read_kept(transaction);
    if (!kept) {
        return tl::unexpected(kept.error());
    }
    auto const choice = choose_level(query.step, query.from,
                                     {kept->checks_since, kept->minutes_since, kept->hours_since});
    BucketSeries series(query.from, query.until, choice.step);
    BucketsRead read(transaction, too_late);
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

}  // namespace muster::postgres
