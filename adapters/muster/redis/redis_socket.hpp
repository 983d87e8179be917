#pragma once

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/redis_address.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// Connects to the first address of a host that takes it, or to a Unix socket, before `deadline`.
/// The socket does not block, and notices within half a minute that the other side is gone. Its
/// owner closes it. Errors: unavailable.
[[nodiscard]] Result<int> connect_redis_socket(RedisAddress const& address, SteadyTime deadline,
                                               Clock const& clock);

/// Milliseconds until `deadline` as poll(2) takes them: never negative, rounded up.
[[nodiscard]] int millis_left(SteadyTime deadline, Clock const& clock);

}  // namespace muster
