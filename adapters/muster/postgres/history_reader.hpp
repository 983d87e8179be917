#pragma once

#include <memory>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/session_watch.hpp>

namespace muster {

/// Reads what PostgresResultStores write, on a session of its own, while they write. A read sees
/// one moment of the history, whole batches only.
class PostgresHistoryReader final : public HistoryReader {
public:
    struct Options {
        std::string url;         ///< As PostgresResultStore's. Secret.
        std::string hub_id{};    ///< Only this hub's history; empty: every hub's.
        Millis deadline{5'000};  ///< Of one call, visits included; then timed_out.
        Millis connect_timeout{5'000};
        std::shared_ptr<SessionWatch> watch{};  ///< As PostgresResultStore's.
    };

    /// Connects with the first call. A server that is away is no error: calls fail with
    /// unavailable, and each tries again; one that does not answer is timed out half a second after
    /// the deadline. `clock` must outlive it. Errors: invalid (the URL), unavailable (no watch).
    [[nodiscard]] static Result<std::unique_ptr<PostgresHistoryReader>> open(Options options,
                                                                             Clock const& clock);
    ~PostgresHistoryReader() override;
    PostgresHistoryReader(PostgresHistoryReader const&) = delete;
    PostgresHistoryReader& operator=(PostgresHistoryReader const&) = delete;

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
    explicit PostgresHistoryReader(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
