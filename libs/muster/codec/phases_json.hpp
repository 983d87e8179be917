#pragma once

#include <string>

#include <muster/domain/outcome.hpp>

namespace muster {

/// `{"dns"?,"connect"?,"tls"?,"firstByte"?,"transfer"?}` in milliseconds, the phases that were
/// timed.
void append_phases(std::string& out, Phases const& phases);

}  // namespace muster
