#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <cli/text/sparkline.hpp>
#include <muster/codec/hub_answers.hpp>

namespace muster {

/// A stretch of time in columns.
struct HistorySpan {
    WallTime from{};
    WallTime until{};
    std::size_t columns{60};
};

/// What the buckets of one service come to.
struct ServiceHistory {
    std::string service;
    std::vector<SparkPoint> points;  ///< One a column.
    std::uint64_t checks{0};
    std::optional<double> mean_ms;
    std::optional<double> longest_ms;
    /// Time observed not down / time observed, in percent: of each bucket the share of its checks
    /// that were not down stands for its time. Nothing: nobody looked.
    std::optional<double> available_percent;
    double coverage_percent{0};  ///< Time observed / length of the span.
};

/// Each service that has buckets, by name. A bucket longer than a column fills all that it
/// overlaps; the part of one that lies outside of the span does not count.
[[nodiscard]] std::vector<ServiceHistory> service_histories(
    std::vector<AnsweredBucket> const& buckets, HistorySpan const& span);

/// The table of them, the sparkline last.
[[nodiscard]] std::string history_text(std::vector<ServiceHistory> const& histories, bool colour);

}  // namespace muster
