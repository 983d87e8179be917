#pragma once

#include <string>
#include <string_view>

#include <muster/config/load.hpp>
#include <muster/config/mistake.hpp>
#include <muster/importing/imported.hpp>

namespace muster::importing {

/// A Gatus configuration (one YAML file) as a configuration of ours. `environment` is used where a
/// variable of the file decides what is to be written; elsewhere variables stay variables.
/// Mistakes: it is no YAML, or no configuration of Gatus.
[[nodiscard]] config::Checked<Imported> import_gatus(std::string_view text, std::string const& file,
                                                     config::Environment const& environment);

}  // namespace muster::importing
