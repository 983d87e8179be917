#pragma once

#include <string_view>

#include <muster/base/result.hpp>
#include <muster/domain/metrics_sample.hpp>

namespace muster {

/// Reads what a project serves at `/metrics` (contract, section 3). Values are taken unscaled; a
/// field that is missing or null is 0, `apiUsage` `{}`; unknown fields are ignored; of a field that
/// is there twice the last counts. Errors: Errc::invalid, for what is no JSON object and for a
/// known field of another type, naming it: `errorRate must be a number, not a string`.
[[nodiscard]] Result<MetricsSample> decode_metrics(std::string_view json);

}  // namespace muster
