#pragma once

#include <string_view>

#include <muster/config/mapping.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/health.hpp>

namespace muster::config {

inline constexpr DurationBounds kIntervalBounds{100ms, 7 * 24h};

/// How results become a status: `interval_key` (what the section calls it), timeout, retries,
/// successThreshold, degradedAbove, failuresOf, hysteresis, grace. Warns of what cannot matter.
void read_policy(Reading& reading, Mapping const& from, std::string_view interval_key,
                 HealthPolicy& policy);

}  // namespace muster::config
