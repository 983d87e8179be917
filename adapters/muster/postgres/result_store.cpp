#include <muster/postgres/result_store.hpp>

#include <atomic>
#include <set>
#include <utility>

#include <muster/postgres/advisory_lock.hpp>
#include <muster/postgres/batch_writer.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/connection_parameters.hpp>
#include <muster/postgres/follower_cursor.hpp>
#include <muster/postgres/partitions.hpp>
#include <muster/postgres/retention.hpp>
#include <muster/postgres/schema.hpp>
#include <muster/storage/storable.hpp>

namespace muster {
namespace {

using Kind = PostgresTransaction::Kind;

/// How much later than the server, which ends its statements itself, we end them.
constexpr Millis kWriteGrace{2'000};

/// What a session holds and knows; all of it is gone with the session.
struct Session {
    Session(std::unique_ptr<PostgresConnection> made, postgres::CheckLayout const& tables)
        : connection(std::move(made)), layout(tables), writer(tables), partitions(tables) {}

    std::unique_ptr<PostgresConnection> connection;
    postgres::CheckLayout layout;
    std::set<std::string> claimed;
    postgres::BatchWriter writer;
    postgres::Partitions partitions;
};

/// A store that has not taken a batch in time may take it later.
Error for_followers(Error error) {
    error.code = error.code == Errc::timed_out ? Errc::unavailable : error.code;
    return error;
}

/// Whether trying again cannot mend it.
bool is_final(Errc code) noexcept {
    return code == Errc::invalid || code == Errc::unsupported || code == Errc::conflict;
}

}  // namespace

struct PostgresResultStore::Impl {
    Options options;
    std::string parameters;
    std::string place;
    KeptSince kept;
    std::atomic<std::uint64_t> too_old{0};
    std::atomic<std::uint64_t> answers{0};

    [[nodiscard]] Result<void> connect(std::string const& hub_id);
    [[nodiscard]] Result<void> connect_as(std::string const& hub_id);
    [[nodiscard]] Result<void> claim(std::string const& hub_id);
    template <class Work>
    [[nodiscard]] Result<void> write(std::string const& hub_id,
                                     std::set<postgres::Partitions::Place> const& places,
                                     Work work);
    template <class Read>
    [[nodiscard]] auto read(std::string const& hub_id, Read read)
        -> decltype(read(std::declval<PostgresTransaction&>()));
    [[nodiscard]] tl::unexpected<Error> failed(Error error);
    void tell_refusal(Error const& error);

    std::unique_ptr<Session> session;  // last: its connection counts in `answers`
};

Result<void> PostgresResultStore::Impl::claim(std::string const& hub_id) {
    if (hub_id.empty() || session->claimed.contains(hub_id)) {
        return {};
    }
    auto claimed =
        postgres::claim_hub(*session->connection, hub_id, options.owner, options.claim_patience);
    if (claimed) {
        session->claimed.insert(hub_id);
    }
    return claimed;
}

/// Before anything has succeeded.
void PostgresResultStore::Impl::tell_refusal(Error const& error) {
    if (options.refused && is_final(error.code)) {
        std::exchange(options.refused,
                      nullptr)({error.code, "PostgreSQL at " + place + ": " + error.message});
    }
}

/// As it shall be for a call.
Result<void> PostgresResultStore::Impl::connect(std::string const& hub_id) {
    auto connected = connect_as(hub_id);
    if (connected && !hub_id.empty()) {
        options.refused = nullptr;
    } else if (!connected) {
        tell_refusal(connected.error());
    }
    return connected;
}

Result<void> PostgresResultStore::Impl::connect_as(std::string const& hub_id) {
    if (session && !session->connection->alive()) {
        session.reset();
    }
    if (!session) {
        auto connection = PostgresConnection::open(parameters, options.watch);
        if (!connection) {
            return tl::unexpected(std::move(connection.error()));
        }
        (*connection)->count_answers(answers);
        if (options.statement_timeout > Millis(0)) {
            (*connection)->answer_within(options.statement_timeout + kWriteGrace);
        }
        if (options.migrate) {
            auto const migrated = migrate(**connection, postgres_migrations());
            if (!migrated) {
                return tl::unexpected(migrated.error());
            }
        }
        auto const usable = check_schema(**connection);
        if (!usable) {
            return tl::unexpected(usable.error());
        }
        auto const layout = postgres::read_layout(**connection);
        if (!layout) {
            return tl::unexpected(layout.error());
        }
        session = std::make_unique<Session>(std::move(*connection), *layout);
    }
    return claim(hub_id);
}

/// What may be the session's fault is tried on a new one by the next call.
tl::unexpected<Error> PostgresResultStore::Impl::failed(Error error) {
    if (session && !session->connection->alive()) {
        session.reset();
    } else if (session) {
        session->writer.forget();
        session->partitions.forget();
    }
    if (error.code != Errc::conflict && error.code != Errc::invalid) {
        return prefixed("PostgreSQL at " + place, for_followers(std::move(error)));
    }
    return tl::unexpected(std::move(error));
}

/// `work` gets the writer; all that it does happens, or nothing.
template <class Work>
Result<void> PostgresResultStore::Impl::write(std::string const& hub_id,
                                              std::set<postgres::Partitions::Place> const& places,
                                              Work work) {
    auto done = connect(hub_id);
    if (done) {
        done = session->partitions.make_ready(*session->connection, places);
    }
    if (!done) {
        return failed(std::move(done.error()));
    }
    {
        auto const transaction = PostgresTransaction::begin(*session->connection, Kind::write);
        if (transaction) {
            done = hold_schema(*session->connection, **transaction);
            if (done) {
                session->writer.begin(**transaction, kept);
                done = work(session->writer);
            }
        } else {
            done = tl::unexpected(transaction.error());
        }
        if (done) {
            done = (*transaction)->commit();
        }
        if (done) {
            session->writer.committed();
            too_old += session->writer.too_old();
        }
    }
    if (!done) {
        return failed(std::move(done.error()));
    }
    return done;
}

template <class Read>
auto PostgresResultStore::Impl::read(std::string const& hub_id, Read read)
    -> decltype(read(std::declval<PostgresTransaction&>())) {
    auto connected = connect(hub_id);
    if (!connected) {
        return failed(std::move(connected.error()));
    }
    auto result = [&]() -> decltype(read(std::declval<PostgresTransaction&>())) {
        auto const transaction = PostgresTransaction::begin(*session->connection, Kind::one_moment);
        if (!transaction) {
            return tl::unexpected(transaction.error());
        }
        return read(**transaction);
    }();
    if (!result) {
        return failed(std::move(result.error()));
    }
    return result;
}

PostgresResultStore::PostgresResultStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

PostgresResultStore::~PostgresResultStore() = default;

Result<std::unique_ptr<PostgresResultStore>> PostgresResultStore::open(Options options) {
    PostgresSession session;
    session.name = options.hub_id.empty() ? "muster" : "muster " + options.hub_id;
    session.connect_timeout = options.connect_timeout;
    session.statement_timeout = options.statement_timeout;
    session.lock_timeout = options.lock_timeout;
    session.writes = true;
    auto parameters = connection_parameters(options.url, session);
    if (!parameters) {
        return tl::unexpected(std::move(parameters.error()));
    }
    if (!options.watch) {
        auto watch = SessionWatch::start();
        if (!watch) {
            return tl::unexpected(std::move(watch.error()));
        }
        options.watch = std::move(*watch);
    }
    auto impl = std::make_unique<Impl>();
    impl->parameters = std::move(*parameters);
    impl->place = place_of(options.url);
    impl->options = std::move(options);
    if (impl->options.refused) {
        return std::unique_ptr<PostgresResultStore>(new PostgresResultStore(std::move(impl)));
    }
    auto connected = impl->connect(impl->options.hub_id);
    if (!connected && is_final(connected.error().code)) {
        return prefixed("PostgreSQL at " + impl->place, std::move(connected.error()));
    }
    return std::unique_ptr<PostgresResultStore>(new PostgresResultStore(std::move(impl)));
}

Result<Cursor> PostgresResultStore::cursor(std::string const& hub_id) {
    return impl_->read(hub_id, [&hub_id](PostgresTransaction& transaction) {
        return postgres::read_cursor(transaction, postgres::kRawCursor, hub_id);
    });
}

Result<void> PostgresResultStore::append(StoreBatch const& batch) {
    for (auto const& record : batch.records) {
        auto storable = check_storable(record);
        if (!storable) {
            return storable;
        }
    }
    return impl_->write(batch.hub_id, postgres::BatchWriter::places_of(batch, impl_->kept),
                        [&batch](postgres::BatchWriter& writer) { return writer.write(batch); });
}

void PostgresResultStore::keep_since(KeptSince const& kept) {
    impl_->kept = kept;
}

std::uint64_t PostgresResultStore::too_old() const {
    return impl_->too_old;
}

std::uint64_t PostgresResultStore::answers() const {
    return impl_->answers;
}

Result<void> PostgresResultStore::bury(StoreBatch const& batch, std::string const& reason) {
    return impl_->write(batch.hub_id, {}, [&batch, &reason](postgres::BatchWriter& writer) {
        return writer.bury(batch, reason);
    });
}

Result<RollupState> PostgresResultStore::rollup_state(std::string const& hub_id) {
    return impl_->read(hub_id, [&hub_id](PostgresTransaction& transaction) {
        return postgres::read_rollup_state(transaction, hub_id);
    });
}

Result<void> PostgresResultStore::roll_up(RollupBatch const& batch) {
    return impl_->write(batch.hub_id, postgres::RollupWriter::places_of(batch, impl_->kept),
                        [&batch](postgres::BatchWriter& writer) { return writer.roll_up(batch); });
}

Result<void> PostgresResultStore::note_alive(std::string const& hub_id, WallTime at) {
    return impl_->write(hub_id, {}, [&hub_id, at](postgres::BatchWriter& writer) {
        return writer.note_alive(hub_id, at);
    });
}

Result<bool> PostgresResultStore::forget(Retention const& retention) {
    auto connected = impl_->connect(impl_->options.hub_id);
    if (!connected) {
        return impl_->failed(std::move(connected.error()));
    }
    auto more =
        postgres::forget_slice(*impl_->session->connection, impl_->session->layout, retention);
    impl_->session->partitions.forget();
    if (!more) {
        return impl_->failed(std::move(more.error()));
    }
    return more;
}

}  // namespace muster
