#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <muster/ports/store.hpp>

namespace muster {

/// A history of fixed rows that remembers what it was asked.
class HistoryStub final : public HistoryReader {
public:
    Result<void> checks(ChecksQuery const& query, CheckVisitor const& visit) override {
        asked_checks = query;
        if (error) {
            return tl::unexpected(*error);
        }
        for (auto const& row : check_rows) {
            ++visited;
            if (!visit(row)) {
                break;
            }
        }
        return {};
    }

    Result<Events> events(EventsQuery const& query) override {
        asked_events = query;
        if (error) {
            return tl::unexpected(*error);
        }
        ++event_reads;
        Events found{{}, total_events};
        for (auto const& row : event_rows) {
            if (found.rows.size() < query.limit && (!query.before || row.id < *query.before)) {
                found.rows.push_back(row);
            }
        }
        return found;
    }

    Result<std::vector<BucketRow>> buckets(BucketsQuery const& query) override {
        asked_buckets = query;
        ++bucket_reads;
        if (while_reading) {
            while_reading();
        }
        if (error) {
            return tl::unexpected(*error);
        }
        if (query.step < shortest_step) {
            return failure(Errc::invalid, "too many buckets");
        }
        return bucket_rows;
    }

    Result<OnceNamed> once_named(std::string const& project, std::string const& service) override {
        if (error) {
            return tl::unexpected(*error);
        }
        asked_names.push_back(project + "/" + service);
        return named;
    }

    Result<HistoryKept> kept() override {
        if (error) {
            return tl::unexpected(*error);
        }
        return kept_since;
    }

    Result<void> metrics(MetricsQuery const& query, MetricsVisitor const& visit) override {
        asked_metrics = query;
        if (error) {
            return tl::unexpected(*error);
        }
        for (auto const& row : metrics_rows) {
            if (!visit(row)) {
                break;
            }
        }
        return {};
    }

    OnceNamed named;
    std::vector<std::string> asked_names;  ///< `project/service`
    std::vector<ProjectMetrics> metrics_rows;
    std::optional<MetricsQuery> asked_metrics;
    std::vector<BucketRow> bucket_rows;
    Millis shortest_step{0};  ///< A shorter one asks for too many buckets.
    HistoryKept kept_since;
    std::optional<BucketsQuery> asked_buckets;
    std::size_t bucket_reads{0};
    std::function<void()> while_reading;  ///< Called by every reading of buckets.
    std::vector<CheckRow> check_rows;
    std::vector<EventRow> event_rows;
    std::size_t total_events{0};
    std::size_t event_reads{0};
    std::optional<Error> error;

    std::optional<ChecksQuery> asked_checks;
    std::optional<EventsQuery> asked_events;
    std::size_t visited{0};
};

}  // namespace muster
