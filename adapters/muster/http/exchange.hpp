#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <muster/domain/outcome.hpp>
#include <muster/http/answer_parser.hpp>
#include <muster/http/connection_pool.hpp>
#include <muster/tcp/tcp_dial.hpp>

namespace muster {

/// Of a body, by default: one that never ends is not worth more.
inline constexpr std::uint64_t kMostBodyRead = 1024 * 1024;

/// What is sent where, made once and used again and again.
struct HttpRequest {
    std::shared_ptr<HttpAuthority> authority;
    std::string bytes;
    bool keep{false};                      ///< The request asks for the connection to stay open.
    bool is_head{false};                   ///< Its answer has no body.
    std::size_t max_body_kept{64 * 1024};  ///< Of a longer body the rest is not kept.
    /// Of a longer body the rest is not read. Of one answer with its framing twice as much is: a
    /// body in tiny chunks must not take more time than it is worth.
    std::uint64_t max_body_read{kMostBodyRead};
};

/// How an exchange went. Views end with the call that hands it over.
struct HttpAnswer {
    std::optional<Failure> failure;  ///< Set: there is no answer, or no whole one.
    AnswerHead head;                 ///< `status` is 0 where no status line was read.
    std::string_view body;
    bool body_is_cut{false};     ///< There was more than `body`.
    std::uint64_t body_size{0};  ///< What was read of it, kept or not.
    ConnectionUse connection{ConnectionUse::fresh};
    Micros elapsed{0};
    Phases phases;
    std::string_view stage;  ///< Of a failure, what it was at: `waiting for the answer`.
    std::optional<WallTime> certificate_expires;  ///< Of https, also where it was refused.
    bool tls_resumed{false};  ///< The handshake was a short one, by an earlier session.
    /// Set: the name service did not answer, and the address is what it said so long ago.
    std::optional<Millis> stale_name;
};

class HttpExchangeObserver {
public:
    /// May start and cancel exchanges, and destroy its own owner.
    virtual void exchanged(HttpAnswer const& answer) = 0;

    /// The handshake of a new https connection is done; before exchanged(). Must not cancel.
    virtual void handshaken(TlsStream const& /*stream*/) {}

protected:
    ~HttpExchangeObserver() = default;
};

class HttpExchange;

/// What all exchanges of a client share. All of it must outlive them.
struct HttpExchangeShared {
    static constexpr std::size_t kReadSize = 64 * 1024;

    TcpTransport& transport;
    HttpConnectionPool& connections;
    std::span<char> read_buffer;       ///< Reading never waits, so all can read into the same.
    std::vector<HttpExchange*>& idle;  ///< Where an exchange puts itself when it has ended.
};

/// One request and its answer: takes a kept connection or dials a new one, does the TLS handshake,
/// writes, reads, all within one deadline. A kept connection that ends before the answer's first
/// byte is no outcome, since the peer may close an idle one at any moment (RFC 9112 section 9.5):
/// the request is sent again, once, over a fresh one. Used again and again; loop thread only.
class HttpExchange final : private TcpStreamUser,
                           private TcpDialObserver,
                           private DeadlineWheel::Entry {
public:
    explicit HttpExchange(HttpExchangeShared& shared)
        : shared_(shared), dial_(shared.transport, *this) {}
    ~HttpExchange() override = default;
    HttpExchange(HttpExchange const&) = delete;
    HttpExchange& operator=(HttpExchange const&) = delete;

    /// The observer is told exactly once, never inside start(). `request` must live until then.
    void start(HttpRequest const& request, Millis timeout, bool fresh,
               HttpExchangeObserver& observer);

    /// Ends it at once, connection included; the observer is never told.
    void cancel() noexcept;

private:
    enum class Stage : std::uint8_t { dialing, handshaking, sending, waiting, reading };

    void ready() override;
    void dialed(TcpStreamPtr stream) override;
    void dial_failed(Failure failure) override;
    bool make_room() override { return shared_.connections.close_oldest(); }
    void deadline_passed() override;

    void dial(SteadyTime now);
    void begin_answer();
    void handshake();
    void start_sending(SteadyTime now);
    void send();
    void not_taken(int error);
    void receive();
    void take(std::string_view input);
    void take_body(std::string_view piece);
    void peer_ended(int error);
    [[nodiscard]] bool again_fresh(SteadyTime now);

    void finish(SteadyTime now);
    void fail(Failure failure);
    void tell_connection(HttpAnswer& answer) const;
    void end_connection(SteadyTime now);
    void recycle() noexcept;
    [[nodiscard]] std::string_view stage_text() const noexcept;
    [[nodiscard]] SteadyTime now() const { return shared_.transport.clock.now().steady; }

    HttpExchangeShared& shared_;
    HttpRequest const* request_{nullptr};
    HttpExchangeObserver* observer_{nullptr};
    Millis timeout_{0};
    SteadyTime started_{};
    SteadyTime dialed_at_{};
    SteadyTime sent_at_{};
    SteadyTime first_byte_at_{};

    HttpConnection* connection_{nullptr};
    Stage stage_{Stage::dialing};
    ConnectionUse use_{ConnectionUse::fresh};
    bool passed_kept_over_{false};  ///< It was to be fresh.
    Micros tls_time_{Phases::kNone};
    bool peer_closed_{false};
    bool unasked_bytes_{false};
    std::size_t sent_{0};
    int send_error_{0};  ///< Why the rest of the request was not taken.
    std::uint64_t received_{0};
    std::uint64_t body_size_{0};
    std::string body_;            ///< Pieces kept, where the body did not come in one.
    std::string_view body_view_;  ///< The only piece so far, in the read buffer.
    AnswerParser parser_;
    TcpDial dial_;  // last: it calls back
};

}  // namespace muster
