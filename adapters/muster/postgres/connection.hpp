#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/postgres/session_watch.hpp>
#include <muster/postgres/values.hpp>

namespace muster {

/// The rows of an answer.
class PostgresRows {
public:
    struct Impl;
    explicit PostgresRows(std::shared_ptr<Impl const> impl) : impl_(std::move(impl)) {}

    [[nodiscard]] std::size_t size() const;
    /// Rows that the statement wrote or removed.
    [[nodiscard]] std::int64_t affected() const;

    // Rows and columns from 0.
    [[nodiscard]] bool is_null(std::size_t row, int column) const;
    /// Empty where it is null. Valid as long as the rows are.
    [[nodiscard]] std::string_view text(std::size_t row, int column) const;
    /// 0 where it is null.
    [[nodiscard]] std::int64_t integer(std::size_t row, int column) const;
    [[nodiscard]] double real(std::size_t row, int column) const;

    /// The first column of the first row; nothing where there is no row or it is null.
    [[nodiscard]] std::optional<std::int64_t> number() const;

private:
    std::shared_ptr<Impl const> impl_;
};

/// One row of them, for visits.
class PostgresRow {
public:
    PostgresRow(PostgresRows const& rows, std::size_t row) : rows_(rows), row_(row) {}

    [[nodiscard]] bool is_null(int column) const { return rows_.is_null(row_, column); }
    [[nodiscard]] std::string_view text(int column) const { return rows_.text(row_, column); }
    [[nodiscard]] std::int64_t integer(int column) const { return rows_.integer(row_, column); }
    [[nodiscard]] double real(int column) const { return rows_.real(row_, column); }

private:
    PostgresRows const& rows_;
    std::size_t row_;
};

/// A session of a PostgreSQL server. One thread at a time. It is never repaired in silence: what a
/// session holds (locks, settings) would be gone. When it is no longer alive, make another.
class PostgresConnection {
public:
    /// `parameters`: as connection_parameters() gives them. Connecting takes as long as they say.
    /// Without a watch, calls wait for the server for as long as it takes. Errors: unavailable.
    [[nodiscard]] static Result<std::unique_ptr<PostgresConnection>> open(
        std::string const& parameters, std::shared_ptr<SessionWatch> watch = nullptr);
    ~PostgresConnection();
    PostgresConnection(PostgresConnection const&) = delete;
    PostgresConnection& operator=(PostgresConnection const&) = delete;

    /// False once an operation found it dead, or of no use any more (a standby's).
    [[nodiscard]] bool alive() const noexcept;

    /// From now on each answer of the server, and each part of a long COPY that it has taken, adds
    /// one to `answers`, which must outlive this.
    void count_answers(std::atomic<std::uint64_t>& answers) noexcept;

    /// So long each answer of the server may take; 0, as at first: as long as it does. Later the
    /// session is dead: timed_out, of a COMMIT in_doubt.
    void answer_within(Millis patience) noexcept;

    /// From now until rest() all that it does together has so long, above 0.
    void hurry(Millis within);
    void rest();

    /// 150018 for 15.18.
    [[nodiscard]] int server_version() const noexcept;

private:
    friend class PostgresTransaction;
    struct Impl;
    explicit PostgresConnection(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

/// Rolled back when destroyed unless committed. Errors of everything: as errc_of_sqlstate() says;
/// after one nothing but its destruction makes sense.
class PostgresTransaction {
public:
    enum class Kind : std::uint8_t {
        write,
        one_moment,  ///< Reads only, all of it as of its first statement.
    };
    [[nodiscard]] static Result<std::unique_ptr<PostgresTransaction>> begin(
        PostgresConnection& connection, Kind kind);
    ~PostgresTransaction();
    PostgresTransaction(PostgresTransaction const&) = delete;
    PostgresTransaction& operator=(PostgresTransaction const&) = delete;

    /// Statements without values, one or several.
    [[nodiscard]] Result<PostgresRows> script(std::string const& sql);

    /// A statement with values, planned for them.
    template <class... Values>
    [[nodiscard]] Result<PostgresRows> query(std::string_view sql, Values const&... values) {
        return query_with(sql, PostgresValues(values...));
    }

    /// The same, prepared at its first use. `sql` must be a literal: it is known by its address.
    template <class... Values>
    [[nodiscard]] Result<PostgresRows> prepared(char const* sql, Values const&... values) {
        return prepared_with(sql, PostgresValues(values...));
    }

    /// Like prepared(), of what gives no rows.
    template <class... Values>
    [[nodiscard]] Result<void> run(char const* sql, Values const&... values) {
        auto rows = prepared_with(sql, PostgresValues(values...));
        return rows ? Result<void>{} : tl::unexpected(std::move(rows.error()));
    }

    /// COPY of so many rows, each filled in by `fill`.
    [[nodiscard]] Result<void> copy(std::string const& table,
                                    std::vector<std::string> const& columns, std::size_t rows,
                                    std::function<void(std::size_t, PostgresLine&)> const& fill);

    /// Errors, besides: in_doubt (the connection broke on the way).
    [[nodiscard]] Result<void> commit();

private:
    struct Impl;
    explicit PostgresTransaction(std::unique_ptr<Impl> impl);
    [[nodiscard]] Result<PostgresRows> query_with(std::string_view sql,
                                                  PostgresValues const& values);
    [[nodiscard]] Result<PostgresRows> prepared_with(char const* sql, PostgresValues const& values);

    std::unique_ptr<Impl> impl_;
};

/// Calls `visit(row)` for each row.
template <class Visit>
void each_row(PostgresRows const& rows, Visit visit) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        visit(PostgresRow(rows, row));
    }
}

}  // namespace muster
