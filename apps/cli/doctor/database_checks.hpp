#pragma once

#include <cli/doctor/diagnosis.hpp>
#include <muster/config/model.hpp>

namespace muster {

/// The PostgreSQL that is configured, if one is: reached, new enough, its schema as this program
/// needs it. Changes nothing.
void check_database(config::DatabaseSettings const& database, Report const& report);

}  // namespace muster
