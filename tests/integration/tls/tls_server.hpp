#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "certificates.hpp"

namespace muster {

/// What a TLS server does with one request.
struct TlsAnswer {
    std::string text;
    enum class Then : std::uint8_t {
        keep,
        close,  ///< With close_notify.
        cut,    ///< The TCP connection ends, TLS says nothing.
        reset,
    };
    Then then{Then::keep};
};

/// A real TLS server on the test's own loop. The n-th request, over all connections, gets the n-th
/// answer, and those after the last one the last.
class TlsServer {
public:
    struct Options {
        std::string chain;      ///< PEM: its own certificate first.
        std::string key;        ///< PEM.
        int newest_version{0};  ///< TLS1_2_VERSION; 0: any.
    };

    TlsServer(boost::asio::io_context& context, Options const& options);
    ~TlsServer();
    TlsServer(TlsServer const&) = delete;
    TlsServer& operator=(TlsServer const&) = delete;

    void answer(TlsAnswer answer);

    /// Replaces the certificate, and forgets no session.
    void use(std::string const& chain, std::string const& key);

    [[nodiscard]] SSL_CTX* native();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url(std::string_view host = "127.0.0.1") const;

    /// What the server saw of one connection.
    struct Seen {
        std::string server_name;
        std::string protocol;  ///< By ALPN.
        std::string version;
        bool resumed{false};
        bool shaken{false};
        bool said_goodbye{false};
        std::size_t requests{0};
    };
    [[nodiscard]] std::vector<std::shared_ptr<Seen>> const& seen() const;

private:
    struct State;
    class Session;

    static void accept(std::shared_ptr<State> const& state);

    std::shared_ptr<State> state_;
};

}  // namespace muster
