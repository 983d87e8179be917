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
    /// Of one address, or of one /64 of IPv6; 0: as many as there may be of all. A proxy in front
    /// is one address, so it is most of them; what is left is for the others.
    std::size_t max_per_address{7'500};

    RequestReader::Limits request{};
    Millis header_deadline{10'000};  ///< From a request's first byte, or the connection's opening.
    Millis body_deadline{30'000};    ///< From the end of the headers.
    Millis idle_deadline{60'000};    ///< Between two requests of a connection.
    Millis write_stall{10'000};      ///< An answer of which the client takes nothing for this long.
    /// An answer as a whole: so long, and what it takes at the rate of the slowest who is waited
    /// for.
    Millis answer_deadline{60'000};
    std::size_t slowest_bytes_per_second{32U << 10U};
    /// Bytes of answers, as they were before, that are being put into gzip or wait for it at one
    /// time; what is beyond goes out plain.
    std::size_t encode_bytes{64U << 20U};
    Millis linger{2'000};  ///< After an error, for the client to read it.

    /// WebSockets and event streams.
    std::size_t max_live{5'000};            ///< Of both together; more are answered 503.
    std::size_t message_bytes{64U << 10U};  ///< Longest message that a client may send.
    Millis live_stall{10'000};  ///< A frame of which the client takes nothing: closed with 1013.
    Millis frame_deadline{30'000};    ///< A frame that is not taken whole: closed with 1013.
    Millis close_deadline{5'000};     ///< From our closing frame to the connection's end.
    Millis live_idle{60'000};         ///< Silence; half of it asks with a ping.
    Millis message_deadline{30'000};  ///< From a message's first byte to its last.
    /// What a client may say: a message counts as one and one more per KiB. Who says more is read
    /// more slowly; who sends more control frames than this is closed with 1008.
    double messages_per_second{100};
    double message_burst{1'000};
    Millis stream_beat{15'000};  ///< A comment in an event stream that has nothing else to say.
    /// SO_SNDBUF, what a stuck client costs: the kernel doubles it and may go beyond it by what is
    /// sent last. 256 KiB at most.
    int live_send_buffer{120 << 10};
};

}  // namespace muster
