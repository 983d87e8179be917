#pragma once

#include <vector>

#include <cli/doctor/diagnosis.hpp>
#include <muster/domain/service.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// Whether the authorities that https probes trust are there: the system's and the files named.
void check_trust(std::vector<ServiceSpec> const& services, Clock const& clock,
                 Report const& report);

}  // namespace muster
