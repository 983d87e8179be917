#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// The history in one SQLite file. See migrations/sqlite for its tables and views.
class SqliteResultStore final : public ResultStore {
public:
    struct Options {
        Millis busy_timeout{2'000};  ///< How long to wait for another process's lock.
        std::uint64_t max_bytes{0};  ///< The file never grows beyond: then full. 0: no such limit.
        /// Below this share of free disk single checks are no longer kept, the rest is.
        double keep_free_percent{5};
        /// The share of the disk that is free; without a function the file system is asked.
        std::function<double()> free_percent{};
    };

    /// Opens the file, makes it if there is none, brings its schema up to date. A file that cannot
    /// be opened now is no error here: calls fail with unavailable, and each tries again.
    /// Errors: unsupported (written by a newer Muster), conflict (some other program's), corrupt.
    [[nodiscard]] static Result<std::unique_ptr<SqliteResultStore>> open(std::string path,
                                                                         Options options);
    [[nodiscard]] static Result<std::unique_ptr<SqliteResultStore>> open(std::string path) {
        return open(std::move(path), Options{});
    }
    ~SqliteResultStore() override;
    SqliteResultStore(SqliteResultStore const&) = delete;
    SqliteResultStore& operator=(SqliteResultStore const&) = delete;

    [[nodiscard]] Result<Cursor> cursor(std::string const& hub_id) override;
    [[nodiscard]] Result<void> append(StoreBatch const& batch) override;
    void keep_since(KeptSince const& kept) override;
    [[nodiscard]] std::uint64_t too_old() const override;
    [[nodiscard]] Result<void> bury(StoreBatch const& batch, std::string const& reason) override;
    [[nodiscard]] Result<RollupState> rollup_state(std::string const& hub_id) override;
    [[nodiscard]] Result<void> roll_up(RollupBatch const& batch) override;
    [[nodiscard]] Result<void> note_alive(std::string const& hub_id, WallTime at) override;
    [[nodiscard]] Result<bool> forget(Retention const& retention) override;

private:
    struct Impl;
    explicit SqliteResultStore(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
