#pragma once

#include <cstdint>
#include <string>

#include <muster/ports/store.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace muster::bench {

/// The same check rows put into SQLite by hand: one transaction a batch, one prepared INSERT, WAL
/// and synchronous=NORMAL, nothing else. No projection, no cursor, no errors handled but by exit.
class RawStore {
public:
    enum class Kind : std::uint8_t {
        log,      ///< Lean rows, no index: what SQLite can do at most. Answers no query.
        indexed,  ///< Lean rows with an index on (service, time): answers what the store answers.
        wide,     ///< The table of the contract, texts and all, with two indexes.
    };

    RawStore(std::string const& path, Kind kind);
    ~RawStore();
    RawStore(RawStore const&) = delete;
    RawStore& operator=(RawStore const&) = delete;

    /// Rows as batches would have left them, put in fast.
    void prefill(std::int64_t rows, std::int64_t services, std::int64_t first_at);
    void append(StoreBatch const& batch);

private:
    void execute(std::string const& sql);
    void insert(CheckResult const& result);

    Kind const kind_;
    sqlite3* database_{nullptr};
    sqlite3_stmt* insert_{nullptr};
};

}  // namespace muster::bench
