#pragma once

#include <optional>
#include <vector>

#include <muster/config/environment.hpp>
#include <muster/config/mapping.hpp>
#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>
#include <muster/config/reading.hpp>

namespace muster::config {

/// The section `redis`.
void read_redis(Reading& reading, Mapping const& from, std::optional<RedisAddress>& out);

/// REDIS_URL and REDIS_*, which win over what `out` has; warnings and mistakes go where they
/// belong.
void apply_redis_environment(Environment const& environment, Configuration& out,
                             std::vector<Mistake>& mistakes);

}  // namespace muster::config
