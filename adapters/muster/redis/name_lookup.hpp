#pragma once

// Private to this library.

#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/redis/wake_up.hpp>

namespace muster {

struct SocketAddress {
    sockaddr_storage bytes{};
    socklen_t size{0};
};

/// The addresses of a host for TCP, at least one, in the system's order. A name is asked for on a
/// thread of its own, since the system's patience cannot be interrupted: it is left behind at
/// `deadline`, or when `wake` (may be null) is told, and ends by itself. Errors: unavailable.
[[nodiscard]] Result<std::vector<SocketAddress>> addresses_of(std::string const& host,
                                                              std::uint16_t port,
                                                              SteadyTime deadline,
                                                              Clock const& clock,
                                                              WakeUp const* wake);

}  // namespace muster
