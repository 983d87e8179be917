#pragma once

#include <memory>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// Reads what an SqliteResultStore writes, on a connection of its own, while it writes. A read sees
/// one moment of the history, whole batches only.
class SqliteHistoryReader final : public HistoryReader {
public:
    struct Options {
        std::string hub_id{};        ///< Only this hub's history; empty: every hub's in the file.
        Millis deadline{5'000};      ///< Of one call, visits included; then timed_out.
        Millis busy_timeout{1'000};  ///< How long to wait for a lock.
    };

    /// A file that cannot be opened yet is no error here: calls fail with unavailable, and each
    /// tries again. `clock` must outlive it. Errors: unsupported (written by a newer Muster),
    /// corrupt.
    [[nodiscard]] static Result<std::unique_ptr<SqliteHistoryReader>> open(std::string path,
                                                                           Clock const& clock,
                                                                           Options options);
    ~SqliteHistoryReader() override;
    SqliteHistoryReader(SqliteHistoryReader const&) = delete;
    SqliteHistoryReader& operator=(SqliteHistoryReader const&) = delete;

    [[nodiscard]] Result<void> checks(ChecksQuery const& query, CheckVisitor const& visit) override;
    [[nodiscard]] Result<std::vector<BucketRow>> buckets(BucketsQuery const& query) override;
    [[nodiscard]] Result<HistoryKept> kept() override;
    [[nodiscard]] Result<Events> events(EventsQuery const& query) override;
    [[nodiscard]] Result<OnceNamed> once_named(std::string const& project,
                                               std::string const& service) override;
    [[nodiscard]] Result<void> metrics(MetricsQuery const& query,
                                       MetricsVisitor const& visit) override;

private:
    struct Impl;
    explicit SqliteHistoryReader(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
