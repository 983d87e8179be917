#pragma once

#include <muster/config/document.hpp>
#include <muster/config/model.hpp>

namespace muster::config {

/// What stands where a secret is: the token, header values, bodies, passwords in URLs.
inline constexpr char const* kMasked = "***";

/// The configuration as a file would say it, with everything that it left to defaults, and secrets
/// masked. Meant to be looked at: not all of it reads back as it was, least of all secrets and what
/// only the environment can say (data_dir, hub_url).
[[nodiscard]] Document write_configuration(Configuration const& configuration);

}  // namespace muster::config
