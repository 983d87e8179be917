#include <muster/sqlite/result_store.hpp>

#include <atomic>
#include <filesystem>
#include <optional>
#include <utility>

#include <sys/statvfs.h>

#include <muster/sqlite/batch_writer.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/follower_cursor.hpp>
#include <muster/sqlite/retention.hpp>
#include <muster/sqlite/schema.hpp>
#include <muster/storage/storable.hpp>

namespace muster {
namespace {

/// Of the disk that the file lies on; nothing where that cannot be told.
std::optional<double> free_percent_of(std::string const& path) {
    auto const folder = std::filesystem::path(path).parent_path();
    struct statvfs disk {};
    if (::statvfs(folder.empty() ? "." : folder.c_str(), &disk) != 0 || disk.f_blocks == 0) {
        return std::nullopt;
    }
    return 100.0 * static_cast<double>(disk.f_bavail) / static_cast<double>(disk.f_blocks);
}

struct Connection {
    explicit Connection(SqliteDatabase opened) : database(std::move(opened)), writer(database) {}

    SqliteDatabase database;
    BatchWriter writer;
};

}  // namespace

struct SqliteResultStore::Impl {
    std::string path;
    Options options;
    std::unique_ptr<Connection> connection;
    KeptSince kept;
    std::atomic<std::uint64_t> too_old{0};

    Result<void> connect();
    template <class Work>
    Result<void> in_transaction(Work work);
    void drop_if_broken(Error const& error);
    [[nodiscard]] bool disk_is_low() const;
};

Result<void> SqliteResultStore::Impl::connect() {
    if (connection && connection->database.has_moved()) {
        connection.reset();
    }
    if (connection) {
        return {};
    }
    auto database = SqliteDatabase::open(
        path,
        {.read_only = false, .busy_timeout = options.busy_timeout, .max_bytes = options.max_bytes});
    if (!database) {
        return tl::unexpected(std::move(database.error()));
    }
    auto migrated = migrate(*database, sqlite_migrations());
    if (!migrated) {
        return prefixed(path, std::move(migrated.error()));
    }
    connection = std::make_unique<Connection>(std::move(*database));
    return {};
}

/// `work` gets the writer; all that it does happens, or nothing.
template <class Work>
Result<void> SqliteResultStore::Impl::in_transaction(Work work) {
    auto done = connect();
    if (!done) {
        return done;
    }
    {
        auto transaction = SqliteTransaction::begin(connection->database, true);
        connection->writer.begin(kept);
        done = transaction ? work(connection->writer) : tl::unexpected(transaction.error());
        if (done) {
            done = transaction->commit();
        }
        too_old += done ? connection->writer.too_old() : 0;
    }
    if (!done) {
        connection->writer.forget();
        drop_if_broken(done.error());
    }
    return done;
}

/// What may be the connection's fault is tried on a new one by the next call.
void SqliteResultStore::Impl::drop_if_broken(Error const& error) {
    if (error.code == Errc::unavailable || error.code == Errc::in_doubt ||
        error.code == Errc::corrupt) {
        connection.reset();
    }
}

bool SqliteResultStore::Impl::disk_is_low() const {
    auto const free =
        options.free_percent ? options.free_percent() : free_percent_of(path).value_or(100);
    return free < options.keep_free_percent;
}

SqliteResultStore::SqliteResultStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SqliteResultStore::~SqliteResultStore() = default;

Result<std::unique_ptr<SqliteResultStore>> SqliteResultStore::open(std::string path,
                                                                   Options options) {
    auto impl = std::make_unique<Impl>();
    impl->path = std::move(path);
    impl->options = std::move(options);
    auto const connected = impl->connect();
    if (!connected) {
        auto const code = connected.error().code;
        if (code != Errc::unavailable && code != Errc::full) {
            return tl::unexpected(connected.error());
        }
    }
    return std::unique_ptr<SqliteResultStore>(new SqliteResultStore(std::move(impl)));
}

Result<Cursor> SqliteResultStore::cursor(std::string const& hub_id) {
    auto const connected = impl_->connect();
    if (!connected) {
        return tl::unexpected(connected.error());
    }
    auto cursor = read_cursor(impl_->connection->database, kRawCursor, hub_id);
    if (!cursor) {
        impl_->drop_if_broken(cursor.error());
    }
    return cursor;
}

Result<void> SqliteResultStore::append(StoreBatch const& batch) {
    for (auto const& record : batch.records) {
        auto storable = check_storable(record);
        if (!storable) {
            return storable;
        }
    }
    bool const keep_checks = !impl_->disk_is_low();
    return impl_->in_transaction([&batch, keep_checks](BatchWriter& writer) {
        auto done = writer.check_cursor(batch);
        if (done) {
            done = writer.write(batch, keep_checks);
        }
        return done ? writer.move_cursor(batch) : done;
    });
}

void SqliteResultStore::keep_since(KeptSince const& kept) {
    impl_->kept = kept;
}

std::uint64_t SqliteResultStore::too_old() const {
    return impl_->too_old;
}

Result<void> SqliteResultStore::bury(StoreBatch const& batch, std::string const& reason) {
    return impl_->in_transaction([&batch, &reason](BatchWriter& writer) {
        auto done = writer.check_cursor(batch);
        if (done) {
            done = writer.bury(batch, reason);
        }
        return done ? writer.move_cursor(batch) : done;
    });
}

Result<RollupState> SqliteResultStore::rollup_state(std::string const& hub_id) {
    auto const connected = impl_->connect();
    if (!connected) {
        return tl::unexpected(connected.error());
    }
    auto state = read_rollup_state(impl_->connection->database, hub_id);
    if (!state) {
        impl_->drop_if_broken(state.error());
    }
    return state;
}

Result<void> SqliteResultStore::roll_up(RollupBatch const& batch) {
    return impl_->in_transaction([&batch](BatchWriter& writer) { return writer.roll_up(batch); });
}

Result<void> SqliteResultStore::note_alive(std::string const& hub_id, WallTime at) {
    return impl_->in_transaction(
        [&](BatchWriter& writer) { return writer.note_alive(hub_id, at); });
}

Result<bool> SqliteResultStore::forget(Retention const& retention) {
    auto const connected = impl_->connect();
    if (!connected) {
        return tl::unexpected(connected.error());
    }
    auto more = forget_slice(impl_->connection->database, retention);
    impl_->connection->writer.forget_slots();
    if (!more) {
        impl_->drop_if_broken(more.error());
    }
    return more;
}

}  // namespace muster
