#pragma once

#include <cstddef>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/domain/url.hpp>
#include <muster/edge/request_reader.hpp>

namespace muster {

/// Where the edge listens, and what one client may cost. Every limit bounds memory or time that a
/// slow, stuck or hostile client could take.
struct EdgeOptions {
    /// Addresses or names of this machine; port 0 takes a free one.
    std::vector<HostPort> listen{};

    /// Connections of all kinds; more are answered 503 and closed.
    std::size_t max_connections{10'000};

    RequestReader::Limits request{};
    Millis header_deadline{10'000};  ///< From a request's first byte, or the connection's opening.
    Millis body_deadline{30'000};    ///< From the end of the headers.
    Millis idle_deadline{60'000};    ///< Between two requests of a connection.
    Millis write_stall{10'000};      ///< An answer of which the client takes nothing for this long.
    Millis linger{2'000};            ///< After an error, for the client to read it.

    /// WebSockets.
    std::size_t message_bytes{64U << 10U};  ///< Longest message that a client may send.
    Millis live_stall{10'000};  ///< A frame of which the client takes nothing: closed with 1013.
    Millis frame_deadline{30'000};  ///< A frame that is not taken whole: closed with 1013.
    Millis close_deadline{5'000};   ///< From our closing frame to the connection's end.
    Millis live_idle{60'000};       ///< Silence; half of it asks with a ping.
    int live_send_buffer{
        128 << 10};  ///< SO_SNDBUF; the kernel doubles it. What a stuck client costs.
};

}  // namespace muster
