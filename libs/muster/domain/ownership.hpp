#pragma once

#include <string>

#include <muster/base/result.hpp>

namespace muster {

/// What who asks by the API for a change of an object of the configuration file is told. `name` as
/// shown: `shop/db`. Code: conflict.
[[nodiscard]] Error owned_by_file(std::string const& name);

}  // namespace muster
