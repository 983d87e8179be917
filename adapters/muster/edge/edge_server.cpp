#include <muster/edge/edge_server.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <muster/api/answers.hpp>
#include <muster/edge/http_connection.hpp>
#include <muster/edge/listener.hpp>
#include <muster/edge/peer.hpp>
#include <muster/edge/response_head.hpp>

namespace muster {
namespace {

constexpr Millis kSweepAtMost{500};
constexpr Millis kSweepAtLeast{5};

/// Deadlines of connections are looked at all at once, often enough for the shortest of them.
Millis sweep_every(EdgeOptions const& options) {
    auto const shortest = std::min(
        {options.header_deadline, options.body_deadline, options.idle_deadline, options.write_stall,
         options.linger, options.answer_deadline, options.live_stall, options.frame_deadline,
         options.close_deadline, options.message_deadline, options.stream_beat});
    return std::clamp(shortest / 4, kSweepAtLeast, kSweepAtMost);
}

}  // namespace

struct EdgeServer::Impl : std::enable_shared_from_this<EdgeServer::Impl> {
    Impl(Loop& home, Clock const& clock, Log& log_port, Router const& router, EdgeOptions options,
         Lane* encode_lane)
        : loop(home),
          log(log_port),
          edge(std::make_shared<EdgeState>(clock, router, std::move(options), encode_lane)),
          sweep_gap(sweep_every(edge->options)),
          sweep_timer(loop.make([this] { sweep(); })),
          limit_timer(loop.make([this] { abort_all(); })) {}

    void accepted(Socket socket, tcp::endpoint const& remote);
    void refuse_connection(Socket& socket, std::string_view why);
    void sweep();
    void stop(Millis limit, UniqueFunction<void()> done);
    void abort_all();

    Loop& loop;
    Log& log;
    std::shared_ptr<EdgeState> const edge;
    Millis const sweep_gap;
    bool sweeping{false};
    std::vector<std::unique_ptr<Listener>> listeners;
    std::unique_ptr<Timer> const sweep_timer;  // last: they call back
    std::unique_ptr<Timer> const limit_timer;
};

void EdgeServer::Impl::accepted(Socket socket, tcp::endpoint const& remote) {
    ++edge->counters.connections;
    ErrorCode error;
    socket.non_blocking(true, error);
    socket.set_option(tcp::no_delay(true), error);
    if (edge->peers.size() >= edge->options.max_connections) {
        ++edge->counters.refused_connections;
        refuse_connection(socket, "too many connections");
        return;
    }
    std::unique_ptr<AddressSlot> slot;
    if (edge->options.max_per_address > 0) {
        if (!AddressSlot::is_free(*edge, remote.address())) {
            ++edge->counters.refused_addresses;
            refuse_connection(socket, "too many connections from this address");
            return;
        }
        slot = std::make_unique<AddressSlot>(edge, remote.address());
    }
    auto const connection = std::make_shared<EdgeConnection>(
        edge, std::move(socket), std::move(slot), remote.address().is_loopback());
    connection->start();
    if (!std::exchange(sweeping, true)) {
        sweep_timer->arm(edge->now() + sweep_gap);
    }
}

void EdgeServer::Impl::refuse_connection(Socket& socket, std::string_view why) {
    auto const now = edge->clock.now().wall;
    auto response = refuse(503, why, now);
    response.add_header("Retry-After", "1");
    std::string text;
    append_response_head(text, response, {.now = now, .http10 = false, .keep_alive = false});
    text += response.body.head;
    // Fits into the empty buffer of a new socket, or is not worth waiting for.
    ErrorCode ignored;
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
}

void EdgeServer::Impl::sweep() {
    auto const now = edge->now();
    for (auto next = edge->peers.begin(); next != edge->peers.end();) {
        auto* const peer = *next++;
        peer->check(now);
    }
    sweeping = !edge->peers.empty();
    if (sweeping) {
        sweep_timer->arm(now + sweep_gap);
    }
}

void EdgeServer::Impl::stop(Millis limit, UniqueFunction<void()> done) {
    listeners.clear();
    edge->emptied = [self = shared_from_this(), done = std::move(done)]() mutable {
        self->sweep_timer->disarm();
        self->limit_timer->disarm();
        // Runs inside the end of the last connection: let that come to its end first.
        self->loop.post([done = std::move(done)]() mutable { done(); });
    };
    limit_timer->arm(edge->now() + limit);
    for (auto next = edge->peers.begin(); next != edge->peers.end();) {
        auto* const peer = *next++;
        peer->stop();
    }
    edge->stopping = true;
    if (edge->peers.empty()) {
        std::exchange(edge->emptied, nullptr)();
    }
}

void EdgeServer::Impl::abort_all() {
    for (auto next = edge->peers.begin(); next != edge->peers.end();) {
        auto* const peer = *next++;
        peer->abort();
    }
    // Those that wait for a reply are gone when it comes; nobody waits for that.
    if (edge->emptied) {
        std::exchange(edge->emptied, nullptr)();
    }
}

EdgeServer::EdgeServer(Loop& loop, Clock const& clock, Log& log, Router const& router,
                       EdgeOptions options, Lane* encode_lane)
    : impl_(std::make_shared<Impl>(loop, clock, log, router, std::move(options), encode_lane)) {}

EdgeServer::~EdgeServer() = default;

Result<std::vector<HostPort>> EdgeServer::listen() {
    auto& impl = *impl_;
    std::vector<HostPort> bound;
    std::vector<std::unique_ptr<Listener>> listeners;
    auto const& wanted = impl.edge->options.listen;
    for (auto const& endpoint : wanted) {
        bool const beside_ipv4 =
            std::any_of(wanted.begin(), wanted.end(), [&endpoint](HostPort const& other) {
                return other.port == endpoint.port && other.host == "0.0.0.0";
            });
        auto acceptors = open_acceptors(impl.loop.context(), endpoint, beside_ipv4);
        if (!acceptors) {
            return tl::unexpected(std::move(acceptors.error()));
        }
        for (auto& acceptor : *acceptors) {
            bound.push_back(host_port_of(acceptor.local_endpoint()));
            listeners.push_back(std::make_unique<Listener>(
                impl.loop, impl.edge->clock, impl.log, std::move(acceptor),
                [weak = impl_->weak_from_this()](Socket socket, tcp::endpoint const& remote) {
                    if (auto const self = weak.lock()) {
                        self->accepted(std::move(socket), remote);
                    }
                }));
        }
    }
    impl.loop.post([self = impl_, listeners = std::move(listeners)]() mutable {
        self->listeners = std::move(listeners);
        if (!self->edge->stopping) {
            for (auto const& listener : self->listeners) {
                listener->start();
            }
        }
    });
    return bound;
}

void EdgeServer::stop(Millis limit, UniqueFunction<void()> done) {
    impl_->loop.post([self = impl_, limit, done = std::move(done)]() mutable {
        self->stop(limit, std::move(done));
    });
}

std::size_t EdgeServer::connections() const noexcept {
    return impl_->edge->peers.size();
}

EdgeCounters const& EdgeServer::counters() const noexcept {
    return impl_->edge->counters;
}

}  // namespace muster
