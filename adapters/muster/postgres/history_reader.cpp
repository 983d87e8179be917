#include <muster/postgres/history_reader.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <muster/postgres/bucket_reader.hpp>
#include <muster/postgres/check_reader.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/connection_parameters.hpp>
#include <muster/postgres/event_reader.hpp>
#include <muster/postgres/history_level.hpp>
#include <muster/postgres/metrics_reader.hpp>
#include <muster/postgres/name_reader.hpp>
#include <muster/postgres/schema.hpp>

namespace muster {
namespace {

/// How much later than the server, which ends its statements itself, we end a call.
constexpr Millis kReadGrace{500};

/// The rows of a service lie one a page: a long history is a disk access each, unless many are
/// asked for at once. A server that cannot do so refuses, and is read as it is.
void read_ahead(PostgresConnection& connection) {
    auto const transaction =
        PostgresTransaction::begin(connection, PostgresTransaction::Kind::one_moment);
    if (transaction && (*transaction)->script("SET effective_io_concurrency = 64")) {
        static_cast<void>((*transaction)->commit());
    }
}

}  // namespace

struct PostgresHistoryReader::Impl {
    Impl(Options settings, std::string where, std::string connection_string, Clock const& time)
        : options(std::move(settings)),
          place(std::move(where)),
          parameters(std::move(connection_string)),
          clock(time) {}

    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<std::unique_ptr<PostgresTransaction>> begin();
    template <class Read>
    auto at_one_moment(Read read) -> decltype(read(std::declval<PostgresTransaction&>()));
    [[nodiscard]] bool too_late() const { return clock.now().steady >= give_up_at; }
    void hurry(PostgresConnection& session) const;

    Options const options;
    std::string const place;
    std::string const parameters;
    Clock const& clock;
    SteadyTime give_up_at{};
    std::unique_ptr<PostgresConnection> connection;
};

/// What is left of the call's time is all that the session has.
void PostgresHistoryReader::Impl::hurry(PostgresConnection& session) const {
    auto const left = std::chrono::ceil<Millis>(give_up_at - clock.now().steady);
    session.hurry(std::max(left, Millis(0)) + kReadGrace);
}

Result<void> PostgresHistoryReader::Impl::connect() {
    auto opened = PostgresConnection::open(parameters, options.watch);
    if (!opened) {
        return tl::unexpected(std::move(opened.error()));
    }
    // For the end of a transaction, which lies behind the call.
    (*opened)->answer_within(options.deadline + kReadGrace);
    hurry(**opened);
    auto usable = check_schema(**opened);
    if (usable) {
        read_ahead(**opened);
        connection = std::move(*opened);
    }
    return usable;
}

/// A session that broke while nobody looked is made anew at once.
Result<std::unique_ptr<PostgresTransaction>> PostgresHistoryReader::Impl::begin() {
    using Kind = PostgresTransaction::Kind;
    if (connection) {
        hurry(*connection);
        auto begun = PostgresTransaction::begin(*connection, Kind::one_moment);
        if (begun || connection->alive() || begun.error().code == Errc::timed_out) {
            return begun;
        }
        connection.reset();
    }
    auto const connected = connect();
    if (!connected) {
        return tl::unexpected(connected.error());
    }
    return PostgresTransaction::begin(*connection, Kind::one_moment);
}

template <class Read>
auto PostgresHistoryReader::Impl::at_one_moment(Read read)
    -> decltype(read(std::declval<PostgresTransaction&>())) {
    give_up_at = clock.now().steady + options.deadline;
    Error error;
    {
        auto const transaction = begin();
        if (transaction) {
            auto result = read(**transaction);
            if (result) {
                connection->rest();
                return result;
            }
            error = std::move(result.error());
        } else {
            error = transaction.error();
        }
    }
    if (connection) {
        connection->rest();
        if (!connection->alive()) {
            connection.reset();
        }
    }
    if (error.code == Errc::invalid) {
        return tl::unexpected(std::move(error));
    }
    if (error.code == Errc::timed_out) {
        error.message = "reading the history took longer than " + format_duration(options.deadline);
        return tl::unexpected(std::move(error));
    }
    return prefixed("PostgreSQL at " + place, std::move(error));
}

PostgresHistoryReader::PostgresHistoryReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

PostgresHistoryReader::~PostgresHistoryReader() = default;

Result<std::unique_ptr<PostgresHistoryReader>> PostgresHistoryReader::open(Options options,
                                                                           Clock const& clock) {
    PostgresSession session;
    session.name =
        options.hub_id.empty() ? "muster reader" : "muster " + options.hub_id + " reader";
    session.connect_timeout = options.connect_timeout;
    session.statement_timeout = options.deadline;
    session.silence = options.deadline;
    auto parameters = connection_parameters(options.url, session);
    if (!parameters) {
        return tl::unexpected(std::move(parameters.error()));
    }
    auto place = place_of(options.url);
    if (!options.watch) {
        auto watch = SessionWatch::start();
        if (!watch) {
            return tl::unexpected(std::move(watch.error()));
        }
        options.watch = std::move(*watch);
    }
    return std::unique_ptr<PostgresHistoryReader>(new PostgresHistoryReader(std::make_unique<Impl>(
        std::move(options), std::move(place), std::move(*parameters), clock)));
}

Result<void> PostgresHistoryReader::checks(ChecksQuery const& query, CheckVisitor const& visit) {
    return impl_->at_one_moment([&](PostgresTransaction& transaction) {
        return postgres::read_checks(transaction, impl_->options.hub_id, query, visit,
                                     [this] { return impl_->too_late(); });
    });
}

Result<std::vector<BucketRow>> PostgresHistoryReader::buckets(BucketsQuery const& query) {
    return impl_->at_one_moment([&](PostgresTransaction& transaction) {
        return postgres::read_buckets(transaction, impl_->options.hub_id, query,
                                      [this] { return impl_->too_late(); });
    });
}

Result<HistoryKept> PostgresHistoryReader::kept() {
    return impl_->at_one_moment(
        [](PostgresTransaction& transaction) { return postgres::read_kept(transaction); });
}

Result<HistoryReader::Events> PostgresHistoryReader::events(EventsQuery const& query) {
    return impl_->at_one_moment([&](PostgresTransaction& transaction) {
        return postgres::read_events(transaction, impl_->options.hub_id, query);
    });
}

Result<OnceNamed> PostgresHistoryReader::once_named(std::string const& project,
                                                    std::string const& service) {
    return impl_->at_one_moment([&](PostgresTransaction& transaction) {
        return postgres::read_once_named(transaction, impl_->options.hub_id, project, service);
    });
}

Result<void> PostgresHistoryReader::metrics(MetricsQuery const& query,
                                            MetricsVisitor const& visit) {
    return impl_->at_one_moment([&](PostgresTransaction& transaction) {
        return postgres::read_metrics(transaction, impl_->options.hub_id, query, visit,
                                      [this] { return impl_->too_late(); });
    });
}

}  // namespace muster
