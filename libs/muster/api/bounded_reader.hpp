#pragma once

#include <atomic>

#include <muster/ports/clock.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// A reader for one errand of many reads: behind its deadline, or once nobody wants the answer,
/// each further read is refused (timed_out). A read that has begun goes by its own deadline. Used
/// on the lane of the errand; `unwanted` may be set by any thread.
class BoundedReader final : public HistoryReader {
public:
    /// All must outlive it.
    BoundedReader(HistoryReader& reader, Clock const& clock, Millis limit,
                  std::atomic<bool> const& unwanted);

    [[nodiscard]] Result<void> checks(ChecksQuery const& query, CheckVisitor const& visit) override;
    [[nodiscard]] Result<std::vector<BucketRow>> buckets(BucketsQuery const& query) override;
    [[nodiscard]] Result<HistoryKept> kept() override;
    [[nodiscard]] Result<Events> events(EventsQuery const& query) override;
    [[nodiscard]] Result<OnceNamed> once_named(std::string const& project,
                                               std::string const& service) override;
    [[nodiscard]] Result<void> metrics(MetricsQuery const& query,
                                       MetricsVisitor const& visit) override;

private:
    [[nodiscard]] Result<void> may_go_on() const;

    HistoryReader& reader_;
    Clock const& clock_;
    Millis const limit_;
    SteadyTime const give_up_at_;
    std::atomic<bool> const& unwanted_;
};

}  // namespace muster
