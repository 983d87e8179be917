#pragma once

#include <string>
#include <vector>

#include <cli/check/check_round.hpp>

namespace muster {

/// The results as aligned columns under a heading, and what they come to:
///   PROJECT  SERVICE  STATUS    TIME  DETAILS
///   shop     app      up        3 ms  HTTP 200
///
///   1 checked: 1 up
/// Colour: of the status, by ANSI escapes.
[[nodiscard]] std::string check_table(std::vector<CheckedService> const& results, bool colour);

/// What a person wants to know beside the status: why it failed or is degraded, else the answer.
[[nodiscard]] std::string details_of(CheckedService const& result);

}  // namespace muster
