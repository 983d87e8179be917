#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <muster/base/time.hpp>
#include <muster/domain/inspection.hpp>
#include <muster/tcp/failure.hpp>
#include <muster/tcp/tcp_stream.hpp>
#include <muster/tls/openssl.hpp>
#include <muster/tls/tls_peer.hpp>

namespace muster {

/// TLS (RFC 8446, RFC 5246) over a connected TcpStream, in the same manner: calls never wait, and
/// the stream's user is told when to call again. Loop thread only.
class TlsStream {
public:
    /// Sets up what all streams of a context need of it.
    static void prepare(SSL_CTX& context);

    /// Both must outlive it.
    TlsStream(TlsPeer& peer, TcpStream& stream);
    ~TlsStream();
    TlsStream(TlsStream const&) = delete;
    TlsStream& operator=(TlsStream const&) = delete;

    enum class Progress : std::uint8_t {
        done,
        waiting,  ///< The stream waits for the peer: call again when its user is told.
        failed,   ///< failure() says why.
    };
    [[nodiscard]] Progress handshake();
    [[nodiscard]] Failure const& failure() const noexcept { return failure_; }

    /// As TcpStream's; EPROTO: the peer broke the protocol, protocol_failure() says how.
    [[nodiscard]] TcpStream::Moved send(std::string_view bytes);
    [[nodiscard]] TcpStream::Moved receive(std::span<char> room);
    [[nodiscard]] Failure protocol_failure(std::uint64_t bytes) const;

    /// After EAGAIN: tells the user when to call again.
    void wait();
    /// Tells the user when there may be more to receive: at once, where some of it is here.
    void wait_readable();

    /// The peer closed without saying so in TLS (RFC 8446 section 6.1): more may have been to come.
    [[nodiscard]] bool is_cut() const noexcept { return ended_ && !told_end_; }

    /// Tells the peer that the connection ends, as far as that is possible without waiting.
    void say_goodbye() noexcept;

    /// Of the peer's certificate, once it was seen, also where it was refused.
    [[nodiscard]] std::optional<WallTime> certificate_expires() const noexcept {
        return certificate_expires_;
    }
    /// The handshake was a short one, by an earlier session.
    [[nodiscard]] bool is_resumed() const noexcept { return resumed_; }
    /// Once the handshake is done: all that there is to tell.
    [[nodiscard]] TlsFindings findings() const;

private:
    struct Callbacks;

    void attach();
    [[nodiscard]] int error_after(int result);
    [[nodiscard]] Failure handshake_failure(unsigned long code) const;
    void handshake_done();

    TlsPeer& peer_;
    TcpStream& stream_;
    Instant started_{};
    SteadyTime verified_at_{};
    std::optional<WallTime> certificate_expires_;
    bool resumed_{false};
    bool shaken_{false};  ///< The handshake is done.
    bool wants_write_{false};
    bool ended_{false};     ///< The peer has closed the TCP connection.
    bool told_end_{false};  ///< The peer has said close_notify.
    int io_error_{0};
    std::string refusal_;  ///< Of the certificate.
    unsigned long protocol_error_{0};
    Failure failure_;
    std::array<char, 64> first_bytes_{};
    std::size_t first_size_{0};
    SslPtr ssl_;
};

}  // namespace muster
