#pragma once

#include <string>
#include <vector>

namespace muster::e2e {

/// A job of a Prometheus that has targets probed.
struct ProbeJob {
    std::string name;
    std::string module;
    std::vector<std::string> targets;
    std::string prober;   ///< `host:port` of whoever probes.
    std::string side;     ///< A label of all its series.
    std::string token{};  ///< Of an `authorization`; empty: none.
};

/// A configuration as blackbox_exporter's own page recommends it; of two jobs with the same module
/// only names and the replacement of `__address__` differ.
[[nodiscard]] std::string scrape_config(std::vector<ProbeJob> const& jobs);

}  // namespace muster::e2e
