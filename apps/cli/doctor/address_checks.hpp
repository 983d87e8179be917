#pragma once

#include <vector>

#include <cli/doctor/diagnosis.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// Whether the hub can listen where it is told to, or already does. Addresses are numbers.
void check_addresses(std::vector<HostPort> const& listen, Report const& report);

/// Whether this process may have the descriptors that so many probes in flight need.
void check_descriptors(std::size_t in_flight, Report const& report);

}  // namespace muster
