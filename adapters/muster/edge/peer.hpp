#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <muster/api/router.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/edge/answer_encoder.hpp>
#include <muster/edge/edge_options.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A socket bound to the loop's own executor type: cheaper than one behind any_io_executor.
using Socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using ErrorCode = boost::system::error_code;

/// What the edge counts. Edge's loop only.
struct EdgeCounters {
    std::uint64_t connections{0};          ///< Accepted.
    std::uint64_t refused_connections{0};  ///< Beyond the limit.
    std::uint64_t requests{0};
    std::uint64_t bad_requests{0};       ///< Not readable, too large or too slow.
    std::uint64_t refused_addresses{0};  ///< Beyond the limit of one address.
    std::uint64_t slow_takers{0};        ///< Answers that a client did not take in time.
    EncodeCounters encode{};

    // WebSockets.
    std::uint64_t live_opened{0};
    std::uint64_t live_clients{0};      ///< That take part in a feed now.
    std::uint64_t live_left_behind{0};  ///< Closed with 1013.
    std::uint64_t live_silent{0};       ///< Ended since nothing was heard, no pong either.
    std::uint64_t live_broken{0};       ///< Ended since they broke the protocol.
    std::uint64_t live_flooding{0};     ///< Closed with 1008.
    std::uint64_t messages_delayed{0};  ///< Times that reading paused since too much was said.

    // Event streams.
    std::uint64_t streams_opened{0};
    std::uint64_t stream_clients{0};
    std::uint64_t streams_left_behind{0};

    std::uint64_t live_refused{0};  ///< Of both, since there were too many.
};

struct EdgeState;

/// One connection of an address, counted as long as this lives.
class AddressSlot {
public:
    AddressSlot(std::shared_ptr<EdgeState> edge, asio::ip::address const& address);
    ~AddressSlot();
    AddressSlot(AddressSlot const&) = delete;
    AddressSlot& operator=(AddressSlot const&) = delete;

    /// Whether one more connection of this address may be.
    [[nodiscard]] static bool is_free(EdgeState const& edge, asio::ip::address const& address);

private:
    std::shared_ptr<EdgeState> const edge_;
    asio::ip::address const address_;
};

/// One client's connection as the server knows it.
class Peer {
public:
    /// Ends what has taken longer than its deadline.
    virtual void check(SteadyTime now) = 0;
    /// Ends the connection as soon as it can be done in good manner.
    virtual void stop() = 0;
    /// Ends it now.
    virtual void abort() = 0;

    Peer(Peer const&) = delete;
    Peer& operator=(Peer const&) = delete;

protected:
    Peer(std::shared_ptr<EdgeState> edge, std::unique_ptr<AddressSlot> slot);
    virtual ~Peer();

    /// For the peer that goes on with this one's socket.
    [[nodiscard]] std::unique_ptr<AddressSlot> take_slot() noexcept { return std::move(slot_); }

    [[nodiscard]] EdgeState& edge() const noexcept { return *edge_; }
    [[nodiscard]] std::shared_ptr<EdgeState> const& shared_edge() const noexcept { return edge_; }

private:
    std::shared_ptr<EdgeState> const edge_;
    std::list<Peer*>::iterator const self_;
    std::unique_ptr<AddressSlot> slot_;
};

/// What all connections of a server share. Held by each of them: an answer may come back to a
/// connection when the server is gone.
struct EdgeState {
    EdgeState(Clock const& clock_port, Router const& router_of_routes, EdgeOptions limits,
              Lane* encode_lane)
        : clock(clock_port),
          router(router_of_routes),
          options(std::move(limits)),
          encoder(encode_lane, options.encode_bytes, counters.encode) {}

    [[nodiscard]] SteadyTime now() const { return clock.now().steady; }

    Clock const& clock;
    Router const& router;
    EdgeOptions const options;
    EdgeCounters counters;
    AnswerEncoder encoder;  // it counts in those
    std::list<Peer*> peers;
    std::map<asio::ip::address, std::size_t> per_address;  ///< Kept only where that is limited.
    std::size_t live{0};  ///< Peers that are WebSockets or event streams.
    bool stopping{false};
    UniqueFunction<void()> emptied;  ///< Runs when the last peer is gone, if stopping.
};

}  // namespace muster
