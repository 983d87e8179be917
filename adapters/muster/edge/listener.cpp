#include <muster/edge/listener.hpp>

#include <string>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace muster {
namespace {

constexpr Millis kOutOfDescriptors{100};
constexpr int kBacklog = 4096;  ///< The kernel cuts it to net.core.somaxconn.

tl::unexpected<Error> why_not(HostPort const& endpoint, ErrorCode const& error) {
    auto const port = std::to_string(endpoint.port);
    if (error == asio::error::address_in_use) {
        return failure(Errc::conflict, "port " + port + " is in use (" + to_text(endpoint) + ")");
    }
    if (error == asio::error::access_denied) {
        return failure(Errc::invalid,
                       "no permission to listen on port " + port + " (" + to_text(endpoint) + ")");
    }
    if (error == boost::system::errc::address_not_available) {
        return failure(Errc::invalid, endpoint.host + " is no address of this machine");
    }
    return failure(Errc::invalid, "cannot listen on " + to_text(endpoint) + ": " + error.message());
}

Result<std::vector<tcp::endpoint>> resolve(asio::io_context& context, HostPort const& endpoint) {
    ErrorCode error;
    auto const address = asio::ip::make_address(endpoint.host, error);
    if (!error) {
        return std::vector<tcp::endpoint>{{address, endpoint.port}};
    }
    tcp::resolver resolver(context);
    auto const found = resolver.resolve(endpoint.host, std::to_string(endpoint.port),
                                        tcp::resolver::passive, error);
    if (error || found.empty()) {
        return failure(Errc::invalid, endpoint.host + " is no address of this machine");
    }
    std::vector<tcp::endpoint> endpoints;
    for (auto const& entry : found) {
        endpoints.push_back(entry.endpoint());
    }
    return endpoints;
}

ErrorCode open(Acceptor& acceptor, tcp::endpoint const& endpoint, bool only_ipv6) {
    ErrorCode error;
    acceptor.open(endpoint.protocol(), error);
    if (error) {
        return error;
    }
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (endpoint.address().is_v6()) {
        acceptor.set_option(asio::ip::v6_only(only_ipv6), error);
    }
    acceptor.bind(endpoint, error);
    if (!error) {
        acceptor.listen(kBacklog, error);
    }
    return error;
}

}  // namespace

HostPort host_port_of(tcp::endpoint const& endpoint) {
    return {endpoint.address().to_string(), endpoint.port()};
}

Result<std::vector<Acceptor>> open_acceptors(asio::io_context& context, HostPort const& endpoint,
                                             bool only_ipv6) {
    auto const endpoints = resolve(context, endpoint);
    if (!endpoints) {
        return tl::unexpected(endpoints.error());
    }
    std::vector<Acceptor> acceptors;
    ErrorCode missing;
    for (auto one : *endpoints) {
        if (one.port() == 0 && !acceptors.empty()) {
            // All addresses of a name share the port that was found for the first.
            one.port(acceptors.front().local_endpoint().port());
        }
        Acceptor acceptor(context);
        auto const error = open(acceptor, one, only_ipv6);
        if (!error) {
            acceptors.push_back(std::move(acceptor));
        } else if (error == boost::system::errc::address_not_available ||
                   error == asio::error::address_family_not_supported) {
            missing = error;  // `localhost` is ::1 too where there is no IPv6
        } else {
            return why_not(endpoint, error);
        }
    }
    if (acceptors.empty()) {
        return why_not(endpoint, missing);
    }
    return acceptors;
}

struct Listener::Impl : std::enable_shared_from_this<Listener::Impl> {
    Impl(Loop& loop, Clock const& clock_port, Log& log_port, Acceptor listening, Accepted function)
        : clock(clock_port),
          log(log_port),
          acceptor(std::move(listening)),
          accepted(std::move(function)),
          pause(loop.make([this] { accept(); })) {}

    void accept();
    void took(ErrorCode const& error, Socket socket);

    Clock const& clock;
    Log& log;
    Acceptor acceptor;
    Accepted const accepted;
    tcp::endpoint remote;
    bool out_of_descriptors{false};
    std::unique_ptr<Timer> pause;  // last: it calls back
};

void Listener::Impl::accept() {
    if (!acceptor.is_open()) {
        return;
    }
    acceptor.async_accept(remote,
                          [self = shared_from_this()](ErrorCode const& error, Socket socket) {
                              self->took(error, std::move(socket));
                          });
}

void Listener::Impl::took(ErrorCode const& error, Socket socket) {
    if (!acceptor.is_open()) {
        return;
    }
    if (error == asio::error::no_descriptors ||
        error == boost::system::errc::too_many_files_open_in_system ||
        error == asio::error::no_memory || error == asio::error::no_buffer_space) {
        if (!std::exchange(out_of_descriptors, true)) {
            log.write(LogLevel::warn, "edge", "cannot accept connections: " + error.message());
        }
        pause->arm(clock.now().steady + kOutOfDescriptors);
        return;
    }
    out_of_descriptors = false;
    if (!error) {
        accepted(std::move(socket), remote);
    }
    accept();
}

Listener::Listener(Loop& loop, Clock const& clock, Log& log, Acceptor acceptor, Accepted accepted)
    : impl_(std::make_shared<Impl>(loop, clock, log, std::move(acceptor), std::move(accepted))) {}

Listener::~Listener() {
    stop();
}

void Listener::start() {
    impl_->accept();
}

void Listener::stop() {
    impl_->pause->disarm();
    ErrorCode ignored;
    impl_->acceptor.close(ignored);
}

}  // namespace muster
