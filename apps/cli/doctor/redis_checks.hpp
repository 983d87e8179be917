#pragma once

#include <cli/doctor/diagnosis.hpp>
#include <muster/domain/redis_address.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// Whether the Redis that is the bus answers, lets us in, takes what is written and keeps it.
void check_redis(RedisAddress const& address, Clock const& clock, Report const& report);

}  // namespace muster
