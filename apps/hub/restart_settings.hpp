#pragma once

#include <string>
#include <vector>

#include <muster/config/model.hpp>

namespace muster {

/// Which settings differ and are read at the start only, by their keys: `hub.listen`.
[[nodiscard]] std::vector<std::string> settings_that_need_a_restart(
    config::Configuration const& running, config::Configuration const& loaded);

}  // namespace muster
