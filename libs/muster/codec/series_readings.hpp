#pragma once

#include <cstddef>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/codec/prometheus_text.hpp>
#include <muster/domain/metrics_map.hpp>

namespace muster {

/// Of more counters than this one collection is refused: what a map may make us remember.
inline constexpr std::size_t kMaxCounters = 10'000;

/// Reads from an exposition what `map` asks for, and keeps nothing else of it. A series that shows
/// NaN is passed over. Errors: invalid, as read_exposition(), and for too many counters.
[[nodiscard]] Result<SeriesReadings> read_series(std::string_view text, ExpositionFormat format,
                                                 MetricsMap const& map);

}  // namespace muster
