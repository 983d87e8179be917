#pragma once

#include <vector>

#include <muster/config/environment.hpp>
#include <muster/config/mapping.hpp>
#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>
#include <muster/config/reading.hpp>

namespace muster::config {

/// The section `database`, with `pool` in it.
void read_database(Reading& reading, Mapping const& from, DatabaseSettings& out);

/// DATABASE_URL and DB_*, which win over what `out` has; warnings and mistakes go where they
/// belong.
void apply_database_environment(Environment const& environment, Configuration& out,
                                std::vector<Mistake>& mistakes);

}  // namespace muster::config
