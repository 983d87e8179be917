#pragma once

#include <cli/client/hub_address.hpp>
#include <cli/doctor/diagnosis.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// A running hub from end to end: it answers, is ready, takes WebSockets and our token, and its
/// clock agrees with `now`. The rest is left out where nobody answers.
void check_hub(HubAddress const& address, WallTime now, Report const& report);

/// Whether a clock can be right at all: between the years 2024 and 2100.
[[nodiscard]] Diagnosis clock_diagnosis(WallTime now);

/// What two clocks that should agree within 2 s say.
[[nodiscard]] Diagnosis clocks_diagnosis(WallTime ours, WallTime hubs);

}  // namespace muster
