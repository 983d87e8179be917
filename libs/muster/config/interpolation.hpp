#pragma once

#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/config/load.hpp>

namespace muster::config {

/// Fills in `${NAME}` and `${NAME:-default}`; the default also stands for a variable that is set
/// but empty. `$${` gives `${`; a `$` before anything else is itself. Errors: Errc::invalid, naming
/// the variable that is not set or what is wrong with the spelling.
[[nodiscard]] Result<std::string> fill_in(std::string_view text, Environment const& environment);

}  // namespace muster::config
