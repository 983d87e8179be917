#include <cli/ask/history_view.hpp>

#include <algorithm>
#include <map>

#include <cli/text/text_table.hpp>
#include <cli/text/words.hpp>

namespace muster {
namespace {

/// What one column, or all of them, saw.
struct Seen {
    double checks{0};  ///< Parts of buckets count in part.
    double response_ms{0};
    std::optional<double> longest_ms;
    HealthStatus worst{HealthStatus::unknown};
};

HealthStatus worst_of(AnsweredBucket const& bucket) noexcept {
    if (bucket.down > 0) {
        return HealthStatus::down;
    }
    if (bucket.degraded > 0) {
        return HealthStatus::degraded;
    }
    return bucket.up > 0 ? HealthStatus::up : HealthStatus::unknown;
}

double in_millis(Millis time) noexcept {
    return static_cast<double>(time.count());
}

struct Adding {
    std::vector<Seen> columns;
    Seen all;
    std::uint64_t checks{0};
    double observed_ms{0};
    double down_ms{0};
};

void add_to(Seen& seen, AnsweredBucket const& bucket, double share) {
    if (bucket.checks == 0 || !bucket.mean_ms) {
        return;
    }
    auto const checks = static_cast<double>(bucket.checks) * share;
    seen.checks += checks;
    seen.response_ms += *bucket.mean_ms * checks;
    seen.longest_ms = std::max(seen.longest_ms.value_or(0), bucket.longest_ms.value_or(0));
    seen.worst = std::max(seen.worst, worst_of(bucket));
}

void add_bucket(Adding& sum, AnsweredBucket const& bucket, HistorySpan const& span) {
    auto const from = std::max(bucket.from, span.from);
    auto const until = std::min(bucket.to, span.until);
    if (until <= from) {
        return;
    }
    auto const length = in_millis(bucket.to - bucket.from);
    auto const share = in_millis(until - from) / length;
    add_to(sum.all, bucket, share);
    sum.checks += bucket.checks;
    auto const observed = std::max(0.0, length - in_millis(bucket.unobserved)) * share;
    sum.observed_ms += observed;
    if (bucket.checks > 0) {
        sum.down_ms +=
            observed * static_cast<double>(bucket.down) / static_cast<double>(bucket.checks);
    }
    auto const width = in_millis(span.until - span.from) / static_cast<double>(span.columns);
    auto const first = static_cast<std::size_t>(in_millis(from - span.from) / width);
    for (auto at = first; at < span.columns; ++at) {
        auto const begins = static_cast<double>(at) * width;
        if (begins >= in_millis(until - span.from)) {
            break;
        }
        auto const ends = begins + width;
        auto const part = std::min(ends, in_millis(until - span.from)) -
                          std::max(begins, in_millis(from - span.from));
        add_to(sum.columns[at], bucket, part / length);
    }
}

ServiceHistory history_of(std::string const& service, Adding const& sum, HistorySpan const& span) {
    ServiceHistory history;
    history.service = service;
    for (auto const& column : sum.columns) {
        bool const any = column.checks > 0;
        history.points.push_back(
            {any ? std::optional(column.response_ms / column.checks) : std::nullopt, column.worst});
    }
    history.checks = sum.checks;
    if (sum.all.checks > 0) {
        history.mean_ms = sum.all.response_ms / sum.all.checks;
    }
    history.longest_ms = sum.all.longest_ms;
    if (sum.observed_ms > 0) {
        history.available_percent = 100 * (1 - sum.down_ms / sum.observed_ms);
    }
    history.coverage_percent =
        std::min(100.0, 100 * sum.observed_ms / in_millis(span.until - span.from));
    return history;
}

}  // namespace

std::vector<ServiceHistory> service_histories(std::vector<AnsweredBucket> const& buckets,
                                              HistorySpan const& span) {
    std::map<std::string, Adding> sums;
    for (auto const& bucket : buckets) {
        auto& sum = sums[bucket.service];
        sum.columns.resize(span.columns);
        add_bucket(sum, bucket, span);
    }
    std::vector<ServiceHistory> histories;
    for (auto const& [service, sum] : sums) {
        histories.push_back(history_of(service, sum, span));
    }
    return histories;
}

std::string history_text(std::vector<ServiceHistory> const& histories, bool colour) {
    TextTable table({{"SERVICE"},
                     {"CHECKS", Align::right},
                     {"MEAN", Align::right},
                     {"LONGEST", Align::right},
                     {"AVAILABLE", Align::right},
                     {"COVERAGE", Align::right},
                     {"RESPONSE TIME"}});
    for (auto const& history : histories) {
        auto const& available = history.available_percent;
        table.add({history.service, std::to_string(history.checks), millis_words(history.mean_ms),
                   millis_words(history.longest_ms), available ? percent_words(*available) : "-",
                   percent_words(history.coverage_percent),
                   // The last column: its escapes take no room that another would miss.
                   sparkline(history.points, colour)});
    }
    return table.text(colour);
}

}  // namespace muster
