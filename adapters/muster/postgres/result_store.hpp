#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/ports/server_answers.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/session_watch.hpp>

namespace muster {

/// The history in a PostgreSQL database, which several hubs may share. See migrations/postgres for
/// its tables and views. A session that breaks is made anew by the next call; waiting between
/// calls is the caller's. For as long as a session lives, no other store writes as the hubs that it
/// wrote for.
class PostgresResultStore final : public ResultStore, public ServerAnswers {
public:
    struct Options {
        std::string url;  ///< As parse_postgres_url() reads it. Secret.
        /// The hub that claims its id at once; empty: each does at its first call.
        std::string hub_id{};
        /// What no other hub has, for life (the journal's id): by it a hub knows a session of its
        /// own that the server still takes for alive.
        std::string owner{};
        bool migrate{true};  ///< Bring the schema up to date; else: wait until somebody did.
        Millis connect_timeout{5'000};
        Millis statement_timeout{30'000};
        Millis lock_timeout{5'000};
        Millis claim_patience{3'000};  ///< For whoever held the hub's id and is just ending.
        /// Ends calls that a server does not answer, and all of them when it is interrupted; none:
        /// the store starts one of its own.
        std::shared_ptr<SessionWatch> watch{};
        /// Where set, open() does not connect: what it would have refused is told here, once, by
        /// the call that finds it before any call has succeeded, on its thread. The store goes on
        /// trying.
        std::function<void(Error const&)> refused{};
    };

    /// A server that is away is no error here: calls fail with unavailable, and each tries again.
    /// One that does not answer is away: a call waits for `statement_timeout` and two seconds.
    /// Errors: invalid (the URL), unsupported (the database is newer than this program), conflict
    /// (another hub of this id is there; or the database has something of our names).
    [[nodiscard]] static Result<std::unique_ptr<PostgresResultStore>> open(Options options);
    ~PostgresResultStore() override;
    PostgresResultStore(PostgresResultStore const&) = delete;
    PostgresResultStore& operator=(PostgresResultStore const&) = delete;

    [[nodiscard]] Result<Cursor> cursor(std::string const& hub_id) override;
    [[nodiscard]] Result<void> append(StoreBatch const& batch) override;
    void keep_since(KeptSince const& kept) override;
    [[nodiscard]] std::uint64_t too_old() const override;
    [[nodiscard]] std::uint64_t answers() const override;
    [[nodiscard]] Result<void> bury(StoreBatch const& batch, std::string const& reason) override;
    [[nodiscard]] Result<RollupState> rollup_state(std::string const& hub_id) override;
    [[nodiscard]] Result<void> roll_up(RollupBatch const& batch) override;
    [[nodiscard]] Result<void> note_alive(std::string const& hub_id, WallTime at) override;

    /// Partitions of which all is old, or too much, go whole; of others the rows, as long as they
    /// are few (16 MB): the rest goes with its day.
    [[nodiscard]] Result<bool> forget(Retention const& retention) override;

private:
    struct Impl;
    explicit PostgresResultStore(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
