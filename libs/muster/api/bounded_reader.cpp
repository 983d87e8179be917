#include <muster/api/bounded_reader.hpp>

#include <utility>

#include <muster/base/time.hpp>

namespace muster {

BoundedReader::BoundedReader(HistoryReader& reader, Clock const& clock, Millis limit,
                             std::atomic<bool> const& unwanted)
    : reader_(reader),
      clock_(clock),
      limit_(limit),
      give_up_at_(clock.now().steady + limit),
      unwanted_(unwanted) {}

Result<void> BoundedReader::may_go_on() const {
    if (unwanted_) {
        return failure(Errc::timed_out, "the hub is stopping");
    }
    if (clock_.now().steady >= give_up_at_) {
        return failure(Errc::timed_out, "the history took longer than " + format_duration(limit_) +
                                            " to read: ask for less of it");
    }
    return {};
}

Result<void> BoundedReader::checks(ChecksQuery const& query, CheckVisitor const& visit) {
    auto const allowed = may_go_on();
    return allowed ? reader_.checks(query, visit) : allowed;
}

Result<std::vector<BucketRow>> BoundedReader::buckets(BucketsQuery const& query) {
    auto allowed = may_go_on();
    if (!allowed) {
        return tl::unexpected(std::move(allowed.error()));
    }
    return reader_.buckets(query);
}

Result<HistoryKept> BoundedReader::kept() {
    auto allowed = may_go_on();
    if (!allowed) {
        return tl::unexpected(std::move(allowed.error()));
    }
    return reader_.kept();
}

Result<HistoryReader::Events> BoundedReader::events(EventsQuery const& query) {
    auto allowed = may_go_on();
    if (!allowed) {
        return tl::unexpected(std::move(allowed.error()));
    }
    return reader_.events(query);
}

Result<OnceNamed> BoundedReader::once_named(std::string const& project,
                                            std::string const& service) {
    auto allowed = may_go_on();
    if (!allowed) {
        return tl::unexpected(std::move(allowed.error()));
    }
    return reader_.once_named(project, service);
}

Result<void> BoundedReader::metrics(MetricsQuery const& query, MetricsVisitor const& visit) {
    auto const allowed = may_go_on();
    return allowed ? reader_.metrics(query, visit) : allowed;
}

}  // namespace muster
