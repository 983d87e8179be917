#pragma once

#include <string>

#include <muster/domain/inspection.hpp>

namespace muster {

/// Findings in the text format of Prometheus, under the names that blackbox_exporter 0.23 gives
/// them, each where it would: dashboards and rules made for it read these as well.
[[nodiscard]] std::string findings_text(Findings const& findings);

}  // namespace muster
