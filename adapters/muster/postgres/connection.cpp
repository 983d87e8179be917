// The only unit that knows libpqxx: its exceptions end here.

#include <muster/postgres/connection.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <unordered_map>
#include <utility>

#include <pqxx/pqxx>

#include <muster/base/utf8.hpp>
#include <muster/postgres/sqlstate.hpp>

namespace muster {
namespace {

constexpr std::size_t kShownBytes = 300;
/// Of a COPY: a server that takes nothing stops us within some of them.
constexpr std::size_t kRowsOfAPart = 1'000;

/// The first line of what the server says, without its `ERROR:  `.
std::string plain(std::string_view said) {
    auto line = said.substr(0, said.find('\n'));
    for (std::string_view const start : {"ERROR:  ", "FATAL:  "}) {
        if (line.substr(0, start.size()) == start) {
            line.remove_prefix(start.size());
        }
    }
    return clean_text(line, kShownBytes);
}

/// libpqxx 6 wants to know at compile time how many fields a line has.
template <std::size_t Fields>
void write_line(pqxx::stream_to& stream, std::vector<char const*> const& texts) {
    std::array<char const*, Fields> line{};
    std::copy_n(texts.begin(), Fields, line.begin());
    stream << line;
}

using WriteLine = void (*)(pqxx::stream_to&, std::vector<char const*> const&);

/// For tables of one to eight columns.
constexpr std::array<WriteLine, 8> kWriteLine{&write_line<1>, &write_line<2>, &write_line<3>,
                                              &write_line<4>, &write_line<5>, &write_line<6>,
                                              &write_line<7>, &write_line<8>};

enum class During : std::uint8_t { work, commit };

/// What an exception of libpqxx asks the caller to do. Only in a catch block.
Error current_error(bool alive, During during) {
    auto const lost = during == During::commit ? Errc::in_doubt : Errc::unavailable;
    try {
        throw;
    } catch (pqxx::in_doubt_error const& error) {
        return {Errc::in_doubt, plain(error.what())};
    } catch (pqxx::broken_connection const& error) {
        return {lost, plain(error.what())};
    } catch (pqxx::sql_error const& error) {
        bool const over = !alive || ends_session(error.sqlstate());
        return {over ? lost : errc_of_sqlstate(error.sqlstate()), plain(error.what())};
    } catch (std::bad_alloc const&) {
        return {Errc::full, "out of memory"};
    } catch (std::exception const& error) {
        return {alive ? Errc::internal : lost, plain(error.what())};
    }
}

}  // namespace

struct PostgresRows::Impl {
    pqxx::result result;

    [[nodiscard]] pqxx::field at(std::size_t row, int column) const {
        return result[static_cast<pqxx::result::size_type>(row)]
                     [static_cast<pqxx::row::size_type>(column)];
    }
};

std::size_t PostgresRows::size() const {
    return static_cast<std::size_t>(impl_->result.size());
}

std::int64_t PostgresRows::affected() const {
    return static_cast<std::int64_t>(impl_->result.affected_rows());
}

bool PostgresRows::is_null(std::size_t row, int column) const {
    return impl_->at(row, column).is_null();
}

std::string_view PostgresRows::text(std::size_t row, int column) const {
    auto const field = impl_->at(row, column);
    return field.is_null() ? std::string_view() : std::string_view(field.c_str(), field.size());
}

std::int64_t PostgresRows::integer(std::size_t row, int column) const {
    auto const digits = text(row, column);
    std::int64_t value = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

double PostgresRows::real(std::size_t row, int column) const {
    auto const digits = text(row, column);
    double value = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<std::int64_t> PostgresRows::number() const {
    return size() == 0 || is_null(0, 0) ? std::nullopt : std::optional(integer(0, 0));
}

struct PostgresConnection::Impl {
    explicit Impl(std::string const& parameters) : connection(parameters) {
        // libpqxx would connect anew in silence: what the session held would be gone unseen.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }

    /// The time of one call, where it is not part of a longer one.
    class Turn {
    public:
        explicit Turn(Impl const& of)
            : watched_(of.patience > Millis(0) && of.watched && !of.watched->hurried()
                           ? of.watched.get()
                           : nullptr) {
            if (watched_ != nullptr) {
                watched_->hurry(of.patience);
            }
        }
        ~Turn() {
            if (watched_ != nullptr) {
                watched_->rest();
            }
        }
        Turn(Turn const&) = delete;
        Turn& operator=(Turn const&) = delete;

    private:
        WatchedSession* const watched_;
    };

    [[nodiscard]] bool cut() const {
        return watched && watched->cut();
    }
    [[nodiscard]] bool alive() const {
        return connection.is_open() && !useless && !cut();
    }

    /// The name under which a literal is prepared.
    std::string const& name_of(char const* sql) {
        auto const known = prepared.find(sql);
        if (known != prepared.end()) {
            return known->second;
        }
        auto name = "muster_" + std::to_string(prepared.size());
        connection.prepare(name, sql);
        return prepared.emplace(sql, std::move(name)).first->second;
    }

    void answered() noexcept {
        // libpqxx keeps to itself what fails when a transaction on a dead connection is left.
        if (answers != nullptr && alive()) {
            ++*answers;
        }
    }

    pqxx::connection connection;
    std::unique_ptr<WatchedSession> watched;  ///< Null: nobody watches.
    Millis patience{0};
    bool useless{false};
    std::unordered_map<char const*, std::string> prepared;
    std::atomic<std::uint64_t>* answers{nullptr};
};

PostgresConnection::PostgresConnection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

PostgresConnection::~PostgresConnection() = default;

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(
    std::string const& parameters, std::shared_ptr<SessionWatch> watch) {
    if (watch && watch->interrupted()) {
        return failure(Errc::unavailable, "this program is ending");
    }
    try {
        auto impl = std::make_unique<Impl>(parameters);
        if (watch) {
            auto watched = WatchedSession::of(std::move(watch), impl->connection.sock());
            if (!watched) {
                return tl::unexpected(std::move(watched.error()));
            }
            impl->watched = std::move(*watched);
        }
        return std::unique_ptr<PostgresConnection>(new PostgresConnection(std::move(impl)));
    } catch (...) {
        return tl::unexpected(current_error(false, During::work));
    }
}

bool PostgresConnection::alive() const noexcept {
    return impl_->alive();
}

void PostgresConnection::answer_within(Millis patience) noexcept {
    impl_->patience = patience;
}

void PostgresConnection::hurry(Millis within) {
    if (impl_->watched) {
        impl_->watched->hurry(within);
    }
}

void PostgresConnection::rest() {
    if (impl_->watched) {
        impl_->watched->rest();
    }
}

void PostgresConnection::count_answers(std::atomic<std::uint64_t>& answers) noexcept {
    impl_->answers = &answers;
}

int PostgresConnection::server_version() const noexcept {
    return impl_->connection.server_version();
}

struct PostgresTransaction::Impl {
    explicit Impl(PostgresConnection::Impl& of) : connection(of) {}

    /// What `act` gives in time, or the error that its exception means.
    template <class Work>
    auto guarded(Work act, During during = During::work) -> Result<decltype(act())> {
        PostgresConnection::Impl::Turn const turn(connection);
        try {
            if constexpr (std::is_void_v<decltype(act())>) {
                act();
                connection.answered();
                return {};
            } else {
                auto result = act();
                connection.answered();
                return result;
            }
        } catch (pqxx::sql_error const& error) {
            connection.useless = connection.useless || ends_session(error.sqlstate());
            return tl::unexpected(error_now(during));
        } catch (...) {
            return tl::unexpected(error_now(during));
        }
    }

    /// Only in a catch block.
    [[nodiscard]] Error error_now(During during) const {
        auto error = current_error(connection.alive(), during);
        if (connection.cut()) {
            error.code = during == During::commit ? Errc::in_doubt : Errc::timed_out;
            error.message = "the server did not answer in time";
        }
        return error;
    }

    PostgresConnection::Impl& connection;
    std::unique_ptr<pqxx::dbtransaction> work;
};

PostgresTransaction::PostgresTransaction(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

PostgresTransaction::~PostgresTransaction() {
    // Rolling back on a dead connection throws inside of libpqxx, which tells nobody.
    (void)impl_->guarded([this] { impl_->work.reset(); });
}

Result<std::unique_ptr<PostgresTransaction>> PostgresTransaction::begin(
    PostgresConnection& connection, Kind kind) {
    if (!connection.alive()) {
        return failure(Errc::unavailable, "the connection to the database is gone");
    }
    auto impl = std::make_unique<Impl>(*connection.impl_);
    auto const begun = impl->guarded([&] {
        auto& session = connection.impl_->connection;
        if (kind == Kind::write) {
            impl->work = std::make_unique<pqxx::work>(session);
        } else {
            impl->work =
                std::make_unique<pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>>(
                    session);
        }
    });
    if (!begun) {
        return tl::unexpected(begun.error());
    }
    return std::unique_ptr<PostgresTransaction>(new PostgresTransaction(std::move(impl)));
}

Result<PostgresRows> PostgresTransaction::script(std::string const& sql) {
    return impl_->guarded([&] {
        return PostgresRows(
            std::make_shared<PostgresRows::Impl>(PostgresRows::Impl{impl_->work->exec(sql)}));
    });
}

Result<PostgresRows> PostgresTransaction::query_with(std::string_view sql,
                                                     PostgresValues const& values) {
    auto const texts = values.texts();
    return impl_->guarded([&] {
        return PostgresRows(
            std::make_shared<PostgresRows::Impl>(PostgresRows::Impl{impl_->work->exec_params(
                std::string(sql), pqxx::prepare::make_dynamic_params(texts))}));
    });
}

Result<PostgresRows> PostgresTransaction::prepared_with(char const* sql,
                                                        PostgresValues const& values) {
    auto const texts = values.texts();
    return impl_->guarded([&] {
        auto const& name = impl_->connection.name_of(sql);
        return PostgresRows(std::make_shared<PostgresRows::Impl>(PostgresRows::Impl{
            impl_->work->exec_prepared(name, pqxx::prepare::make_dynamic_params(texts))}));
    });
}

Result<void> PostgresTransaction::copy(
    std::string const& table, std::vector<std::string> const& columns, std::size_t rows,
    std::function<void(std::size_t, PostgresLine&)> const& fill) {
    PostgresLine line;
    auto const write = kWriteLine.at(columns.size() - 1);
    return impl_->guarded([&] {
        pqxx::stream_to stream(*impl_->work, table, columns);
        for (std::size_t row = 0; row < rows; ++row) {
            line.clear();
            fill(row, line);
            write(stream, line.texts());
            if (row % kRowsOfAPart == 0) {
                impl_->connection.answered();
            }
        }
        stream.complete();
    });
}

Result<void> PostgresTransaction::commit() {
    return impl_->guarded([this] { impl_->work->commit(); }, During::commit);
}

}  // namespace muster
