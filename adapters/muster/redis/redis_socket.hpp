#pragma once

#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/redis_address.hpp>
#include <muster/ports/clock.hpp>
#include <muster/redis/name_lookup.hpp>
#include <muster/redis/wake_up.hpp>

namespace muster {

/// Connects to the first address of a host that takes it, or to a Unix socket, before `deadline`.
/// The socket does not block, and notices within half a minute that the other side is gone. Its
/// owner closes it. `wake`, which may be null, ends the attempt. Errors: unavailable.
[[nodiscard]] Result<int> connect_redis_socket(RedisAddress const& address, SteadyTime deadline,
                                               Clock const& clock, WakeUp const* wake);

/// The part of it behind the name service: each address gets its share of what is left of the time.
[[nodiscard]] Result<int> connect_to_one_of(std::vector<SocketAddress> const& addresses,
                                            SteadyTime deadline, Clock const& clock,
                                            WakeUp const* wake);

/// Milliseconds until `deadline` as poll(2) takes them: never negative, rounded up.
[[nodiscard]] int millis_left(SteadyTime deadline, Clock const& clock);

}  // namespace muster
