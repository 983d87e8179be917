#include <muster/sqlite/history_reader.hpp>

#include <optional>
#include <utility>

#include <muster/sqlite/bucket_reader.hpp>
#include <muster/sqlite/check_reader.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/event_reader.hpp>
#include <muster/sqlite/history_level.hpp>
#include <muster/sqlite/metrics_reader.hpp>
#include <muster/sqlite/name_reader.hpp>
#include <muster/sqlite/schema.hpp>

namespace muster {

struct SqliteHistoryReader::Impl {
    std::string path;
    Clock const& clock;
    Options options;
    SteadyTime give_up_at{};
    std::optional<SqliteDatabase> database;

    Result<void> connect();
    template <class Read>
    auto at_one_moment(Read read) -> decltype(read(*database));
    bool too_late() const { return clock.now().steady >= give_up_at; }
};

Result<void> SqliteHistoryReader::Impl::connect() {
    if (database && database->has_moved()) {
        database.reset();
    }
    if (database) {
        return {};
    }
    auto opened = SqliteDatabase::open(
        path, {.read_only = true, .busy_timeout = options.busy_timeout, .max_bytes = 0});
    if (!opened) {
        return tl::unexpected(std::move(opened.error()));
    }
    auto usable = check_schema(*opened);
    if (!usable) {
        return prefixed(path, std::move(usable.error()));
    }
    opened->stop_when([this] { return too_late(); });
    database.emplace(std::move(*opened));
    return {};
}

template <class Read>
auto SqliteHistoryReader::Impl::at_one_moment(Read read) -> decltype(read(*database)) {
    give_up_at = clock.now().steady + options.deadline;
    auto connected = connect();
    if (!connected) {
        return tl::unexpected(std::move(connected.error()));
    }
    auto result = [&]() -> decltype(read(*database)) {
        auto const transaction = SqliteTransaction::begin(*database, false);
        if (!transaction) {
            return tl::unexpected(transaction.error());
        }
        return read(*database);
    }();
    if (result) {
        return result;
    }
    auto error = result.error();
    if (error.code == Errc::timed_out) {
        error.message = "reading the history took longer than " + format_duration(options.deadline);
    } else if (error.code == Errc::unavailable || error.code == Errc::corrupt) {
        database.reset();  // what may be the connection's fault is tried on a new one
    }
    return tl::unexpected(std::move(error));
}

SqliteHistoryReader::SqliteHistoryReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SqliteHistoryReader::~SqliteHistoryReader() = default;

Result<std::unique_ptr<SqliteHistoryReader>> SqliteHistoryReader::open(std::string path,
                                                                       Clock const& clock,
                                                                       Options options) {
    std::unique_ptr<Impl> impl(
        new Impl{std::move(path), clock, std::move(options), SteadyTime::max(), std::nullopt});
    auto const connected = impl->connect();
    if (!connected && connected.error().code != Errc::unavailable) {
        return tl::unexpected(connected.error());
    }
    return std::unique_ptr<SqliteHistoryReader>(new SqliteHistoryReader(std::move(impl)));
}

Result<void> SqliteHistoryReader::checks(ChecksQuery const& query, CheckVisitor const& visit) {
    return impl_->at_one_moment([&](SqliteDatabase& database) {
        return read_checks(database, impl_->options.hub_id, query, visit,
                           [this] { return impl_->too_late(); });
    });
}

Result<std::vector<BucketRow>> SqliteHistoryReader::buckets(BucketsQuery const& query) {
    return impl_->at_one_moment([&](SqliteDatabase& database) {
        return read_buckets(database, impl_->options.hub_id, query,
                            [this] { return impl_->too_late(); });
    });
}

Result<HistoryKept> SqliteHistoryReader::kept() {
    return impl_->at_one_moment([](SqliteDatabase& database) { return read_kept(database); });
}

Result<HistoryReader::Events> SqliteHistoryReader::events(EventsQuery const& query) {
    return impl_->at_one_moment([&](SqliteDatabase& database) {
        return read_events(database, impl_->options.hub_id, query);
    });
}

Result<OnceNamed> SqliteHistoryReader::once_named(std::string const& project,
                                                  std::string const& service) {
    return impl_->at_one_moment([&](SqliteDatabase& database) {
        return read_once_named(database, impl_->options.hub_id, project, service);
    });
}

Result<void> SqliteHistoryReader::metrics(MetricsQuery const& query, MetricsVisitor const& visit) {
    return impl_->at_one_moment([&](SqliteDatabase& database) {
        return read_metrics(database, impl_->options.hub_id, query, visit);
    });
}

}  // namespace muster
