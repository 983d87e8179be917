#include <muster/sqlite/check_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include <muster/storage/check_values.hpp>

namespace muster {

char const* const kChecksOfSlotSql =
    "SELECT at, n, took, status, downtime_ppm, response_us, error FROM check_result"
    " WHERE slot = ?1 AND service = ?2 AND at >= ?3 AND at < ?4 ORDER BY at, n";
char const* const kSlotsSql =
    "SELECT id, start_at, min_at, max_at FROM check_slot WHERE max_at >= ?1 AND min_at < ?2"
    " ORDER BY min_at, id";

namespace {

struct CheckedService {
    std::int64_t key;
    std::string project;
    std::string name;
};

struct Slot {
    std::int64_t id;
    std::int64_t start_at;
    std::int64_t min_at;
    std::int64_t max_at;
};

/// A row before it is in order.
struct Found {
    std::int64_t at;
    std::int64_t slot;
    std::int64_t n;
    CheckedService const* service;
    std::int64_t took;
    HealthStatus status;
    std::int64_t downtime_ppm;
    std::int64_t response_us;
    std::string error;
};

WallTime moment_of(std::int64_t millis) {
    return WallTime(Millis(millis));
}

/// Far enough from the ends that slots can be counted from it.
std::int64_t bounded(WallTime time) {
    constexpr std::int64_t kFarthest = std::int64_t{1} << 60;
    return std::clamp(time.time_since_epoch().count(), -kFarthest, kFarthest);
}

class ChecksRead {
public:
    ChecksRead(SqliteDatabase& database, ChecksQuery const& query)
        : database_(database), from_(bounded(query.from)), until_(bounded(query.until)) {}

    Result<void> find_services(std::string const& hub_id, ChecksQuery const& query) {
        auto const wanted = query.service ? query.service->value : 0;
        return database_
            .statement(
                "SELECT s.key, p.name, s.name FROM project p"
                " JOIN hub h ON h.key = p.hub JOIN service s ON s.project = p.key"
                " WHERE p.id = ?1 AND (?2 = '' OR h.hub_id = ?2) AND (?3 = 0 OR s.id = ?3)"
                " ORDER BY s.key")
            .bind(query.project.value, hub_id, wanted)
            .each([this](SqliteStatement const& row) {
                services_.push_back(
                    {row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
            });
    }

    Result<void> find_slots() {
        return database_.statement(kSlotsSql)
            .bind(from_, until_)
            .each([this](SqliteStatement const& row) {
                slots_.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3)});
            });
    }

    [[nodiscard]] bool at_end() const { return services_.empty() || next_ == slots_.size(); }

    /// Finds and orders the rows of the next slot, and of those that overlap it in time, as they do
    /// after the clock was set back.
    Result<void> read_next() {
        found_.clear();
        auto reaches = slots_[next_].max_at;
        auto newest = slots_[next_].id;
        do {
            auto const& slot = slots_[next_];
            reaches = std::max(reaches, slot.max_at);
            newest = std::max(newest, slot.id);
            auto read = read_slot(slot);
            if (!read) {
                return read;
            }
            ++next_;
        } while (next_ < slots_.size() &&
                 (slots_[next_].min_at < reaches || slots_[next_].id < newest));
        auto const earlier = [](Found const& a, Found const& b) {
            return std::tie(a.at, a.slot, a.n) < std::tie(b.at, b.slot, b.n);
        };
        if (!std::is_sorted(found_.begin(), found_.end(), earlier)) {
            std::sort(found_.begin(), found_.end(), earlier);
        }
        return {};
    }

    /// False: the visitor has seen enough.
    [[nodiscard]] bool visit_found(HistoryReader::CheckVisitor const& visit) {
        return std::all_of(found_.begin(), found_.end(), [&](Found& found) {
            row_.project = found.service->project;
            row_.service = found.service->name;
            row_.status = found.status;
            row_.last_check = moment_of(found.at - found.took);
            row_.recorded_at = moment_of(found.at);
            row_.uptime_percent = uptime_of(found.downtime_ppm);
            row_.response_time = std::chrono::round<Millis>(Micros(found.response_us));
            row_.error = std::move(found.error);
            return visit(row_);
        });
    }

private:
    Result<void> read_slot(Slot const& slot) {
        auto& statement = database_.statement(kChecksOfSlotSql);
        for (auto const& service : services_) {
            auto read =
                statement.bind(slot.id, service.key, from_ - slot.start_at, until_ - slot.start_at)
                    .each([&](SqliteStatement const& row) {
                        found_.push_back({slot.start_at + row.integer(0), slot.id, row.integer(1),
                                          &service, row.integer(2),
                                          static_cast<HealthStatus>(row.integer(3)), row.integer(4),
                                          row.integer(5), std::string(row.text(6))});
                    });
            if (!read) {
                return read;
            }
        }
        return {};
    }

    SqliteDatabase& database_;
    std::int64_t const from_;
    std::int64_t const until_;
    std::vector<CheckedService> services_;
    std::vector<Slot> slots_;
    std::size_t next_{0};
    std::vector<Found> found_;
    CheckRow row_;
};

}  // namespace

Result<void> read_checks(SqliteDatabase& database, std::string const& hub_id,
                         ChecksQuery const& query, HistoryReader::CheckVisitor const& visit,
                         std::function<bool()> const& too_late) {
    ChecksRead read(database, query);
    auto done = read.find_services(hub_id, query);
    if (done) {
        done = read.find_slots();
    }
    while (done && !read.at_end()) {
        if (too_late()) {
            return failure(Errc::timed_out, "reading the history took too long");
        }
        done = read.read_next();
        if (done && !read.visit_found(visit)) {
            return {};
        }
    }
    return done;
}

}  // namespace muster
