#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/base/time.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace muster {

/// What an SQLite result code asks the caller to do.
[[nodiscard]] Errc errc_of_sqlite(int result_code) noexcept;

/// One compiled statement. An error, also one of binding or of compiling, comes from each().
class SqliteStatement {
public:
    SqliteStatement(sqlite3* database, std::string_view sql);
    ~SqliteStatement();
    SqliteStatement(SqliteStatement const&) = delete;
    SqliteStatement& operator=(SqliteStatement const&) = delete;

    /// Starts over with these values, the first for ?1. Text and bytes are not copied: it must live
    /// until the statement has run.
    template <class... Values>
    SqliteStatement& bind(Values const&... values) {
        reset();
        int index = 0;
        (put(++index, values), ...);
        return *this;
    }

    /// Runs it and calls `visit(row)` for each row; a `visit` that returns false ends it.
    template <class Visit>
    [[nodiscard]] Result<void> each(Visit visit) {
        Result<bool> row = step();
        while (row && *row) {
            if constexpr (std::is_void_v<std::invoke_result_t<Visit, SqliteStatement const&>>) {
                visit(*this);
            } else if (!visit(*this)) {
                break;
            }
            row = step();
        }
        reset();
        if (!row) {
            return tl::unexpected<Error>(std::move(row.error()));
        }
        return {};
    }

    /// Runs what gives no rows.
    [[nodiscard]] Result<void> run();

    /// The first column of the first row; nothing where there is no row or it is null.
    [[nodiscard]] Result<std::optional<std::int64_t>> number();

    // Columns of the row that each() visits, from 0.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    /// Valid until the next row. Empty where the column is null.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] ByteView blob(int column) const;
    [[nodiscard]] bool is_null(int column) const;

    [[nodiscard]] bool compiled() const noexcept { return statement_ != nullptr; }

private:
    void put(int index, std::int64_t value);
    void put(int index, double value);
    void put(int index, std::string_view value);
    void put(int index, ByteView value);
    void put(int index, std::nullptr_t);
    template <class Value>
    void put(int index, std::optional<Value> const& value) {
        if (value) {
            put(index, *value);
        } else {
            put(index, nullptr);
        }
    }
    void put(int index, WallTime time) {
        put(index, std::int64_t{time.time_since_epoch().count()});
    }
    template <class Number>
    requires(std::integral<Number> || std::is_enum_v<Number>) void put(int index, Number value) {
        put(index, static_cast<std::int64_t>(value));
    }

    [[nodiscard]] Result<bool> step();
    void reset();
    void note(int result_code);

    sqlite3* database_;
    sqlite3_stmt* statement_{nullptr};
    std::optional<Error> problem_;
};

/// A connection. One thread at a time.
class SqliteDatabase {
public:
    struct Options {
        bool read_only{false};
        /// With read_only: nobody changes the file meanwhile. Nothing is locked or made beside it,
        /// and what its write-ahead log holds is not seen.
        bool immutable{false};
        Millis busy_timeout{2'000};  ///< How long to wait for the lock of another process.
        std::uint64_t max_bytes{0};  ///< The file never grows beyond; 0: as the disk allows.
    };

    /// Opens, and unless read_only makes, a database in WAL mode.
    /// Errors: unavailable, corrupt (not a database), full.
    [[nodiscard]] static Result<SqliteDatabase> open(std::string const& path, Options options);

    /// The statement of this text, compiled at its first use. `sql` must be a literal: it is known
    /// by its address. Not while the same statement is under way.
    [[nodiscard]] SqliteStatement& statement(char const* sql);

    /// Compiles a text that is put together.
    [[nodiscard]] std::unique_ptr<SqliteStatement> compile(std::string_view sql);

    /// Runs a script.
    [[nodiscard]] Result<void> execute(std::string const& sql);

    [[nodiscard]] std::int64_t last_insert_id() const;
    /// Rows that the last statement wrote or removed.
    [[nodiscard]] std::int64_t changes() const;

    /// The last failure was one of reading or writing the file.
    [[nodiscard]] bool io_failed() const;

    /// The file at the path is no longer the one that is open.
    [[nodiscard]] bool has_moved() const;

    /// Asked now and then while a statement runs; true ends it with timed_out.
    void stop_when(std::function<bool()> stop);

private:
    struct Closer {
        void operator()(sqlite3* database) const noexcept;
    };

    explicit SqliteDatabase(sqlite3* database) : database_(database) {}
    [[nodiscard]] Result<void> configure(Options const& options);

    std::unique_ptr<sqlite3, Closer> database_;
    std::unique_ptr<std::function<bool()>> stop_;  // a fixed address: SQLite knows it
    std::unordered_map<char const*, std::unique_ptr<SqliteStatement>> statements_;
};

/// Rolled back when destroyed unless committed.
class SqliteTransaction {
public:
    /// `write`: takes the write lock now, so that it does not fail half-way.
    [[nodiscard]] static Result<SqliteTransaction> begin(SqliteDatabase& database, bool write);
    ~SqliteTransaction();
    SqliteTransaction(SqliteTransaction&& other) noexcept;
    SqliteTransaction& operator=(SqliteTransaction&&) = delete;
    SqliteTransaction(SqliteTransaction const&) = delete;
    SqliteTransaction& operator=(SqliteTransaction const&) = delete;

    /// Errors: full, unavailable (it did not happen), in_doubt (an I/O error on the way).
    [[nodiscard]] Result<void> commit();

private:
    explicit SqliteTransaction(SqliteDatabase& database) : database_(&database) {}

    SqliteDatabase* database_;  // null: over
};

}  // namespace muster
