#pragma once

#include <vector>

#include <cli/doctor/diagnosis.hpp>
#include <muster/domain/service.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// Whether the names that are probed can be resolved, by the same resolver as the hub's: at most
/// twenty of them, and localhost where there are none. Takes at most five seconds.
void check_names(std::vector<ServiceSpec> const& services, Clock const& clock,
                 Report const& report);

}  // namespace muster
