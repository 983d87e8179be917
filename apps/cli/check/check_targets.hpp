#pragma once

#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/config/model.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// What the command line names, to be probed as given: `http://...`, or `tcp://host:port`. Of no
/// project; called by what was given, without secrets. Errors: Errc::invalid, Errc::unsupported.
[[nodiscard]] Result<std::vector<ServiceSpec>> services_of_urls(
    std::vector<std::string> const& urls);

/// All services of all projects, in order.
[[nodiscard]] std::vector<ServiceSpec> services_of(config::Configuration const& configuration);

}  // namespace muster
