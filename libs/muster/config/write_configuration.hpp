#pragma once

#include <muster/config/document.hpp>
#include <muster/config/model.hpp>

namespace muster::config {

/// The configuration as a file would say it, with everything that it left to defaults, and
/// kSecretMask in place of secrets: the token, header values, bodies, users and passwords and
/// secret parameters of URLs, what a secret JSON field must be. With these put back it reads as the
/// same configuration, but for what only the environment can say (data_dir, hub_url).
[[nodiscard]] Document write_configuration(Configuration const& configuration);

}  // namespace muster::config
