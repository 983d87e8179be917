#pragma once

#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

/// A page of a project's log (contract, section 3) with only those entries of `logs` whose `level`
/// is this one, whatever the case of its letters; all else as it was. Errors: invalid, for what is
/// no JSON object with a list `logs`, and for one that is nested too deeply.
[[nodiscard]] Result<std::string> logs_of_level(std::string_view page, std::string_view level);

}  // namespace muster
