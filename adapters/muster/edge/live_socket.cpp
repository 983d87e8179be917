#include <muster/edge/live_socket.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace muster {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

/// A large frame goes out in parts of this size, so that one can see whether the client takes any
/// of it.
constexpr std::size_t kPart = 64U << 10U;
/// What a client's last message may leave allocated.
constexpr std::size_t kInputKept = 4096;

beast::string_view beast_view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

class LiveSocket final : public Peer,
                         public LiveClient,
                         public std::enable_shared_from_this<LiveSocket> {
public:
    LiveSocket(std::shared_ptr<EdgeState> edge, Socket socket, Request request, Feed& feed);
    ~LiveSocket() override { leave(); }
    LiveSocket(LiveSocket const&) = delete;
    LiveSocket& operator=(LiveSocket const&) = delete;

    void open(RequestReader::Upgrade const& upgrade);

    void send(SharedText frame) override;

    void check(SteadyTime now) override;
    void stop() override { close(CloseCode::going_away); }
    void abort() override;

private:
    void opened();
    void read_next();
    void received(ErrorCode const& error);
    void write_part();
    void wrote_part(ErrorCode const& error);
    void close(CloseCode code);
    void end();
    void leave();

    [[nodiscard]] EdgeOptions const& options() const noexcept { return edge().options; }

    websocket::stream<Socket> stream_;
    Request const request_;
    Feed& feed_;
    http::request<http::empty_body> opening_;
    beast::flat_buffer input_;

    bool closing_{false};
    bool ended_{false};
    bool reading_{false};
    SteadyTime deadline_{SteadyTime::max()};        ///< Of opening and closing.
    SteadyTime stall_deadline_{SteadyTime::max()};  ///< For the next part of a frame.
    SteadyTime frame_deadline_{SteadyTime::max()};

    SharedText frame_;  ///< Being written; null: none.
    std::size_t frame_sent_{0};
    std::unique_ptr<LiveSession> session_;  // last: it knows this client
};

LiveSocket::LiveSocket(std::shared_ptr<EdgeState> edge, Socket socket, Request request, Feed& feed)
    : Peer(std::move(edge)),
      stream_(std::move(socket)),
      request_(std::move(request)),
      feed_(feed),
      input_(options().message_bytes + 1) {
    ErrorCode ignored;
    stream_.next_layer().set_option(asio::socket_base::send_buffer_size(options().live_send_buffer),
                                    ignored);
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = options().close_deadline;
    timeout.idle_timeout = options().live_idle;
    timeout.keep_alive_pings = true;
    stream_.set_option(timeout);
    stream_.read_message_max(options().message_bytes);
    stream_.auto_fragment(false);
    stream_.text(true);
}

void LiveSocket::open(RequestReader::Upgrade const& upgrade) {
    deadline_ = edge().now() + options().close_deadline;
    opening_.method(http::verb::get);
    opening_.version(11);
    opening_.target(beast_view(request_.target.path));
    opening_.set(http::field::host, beast_view(request_.host));
    opening_.set(http::field::connection, "Upgrade");
    opening_.set(http::field::upgrade, "websocket");
    opening_.set(http::field::sec_websocket_key, beast_view(upgrade.key));
    opening_.set(http::field::sec_websocket_version, beast_view(upgrade.version));
    stream_.async_accept(opening_, [self = shared_from_this()](ErrorCode const& error) {
        if (error) {
            self->end();
        } else {
            self->opened();
        }
    });
}

void LiveSocket::opened() {
    if (ended_) {
        return;
    }
    deadline_ = SteadyTime::max();
    opening_ = {};
    ++edge().counters.live_opened;
    if (edge().stopping) {
        close(CloseCode::going_away);
        return;
    }
    session_ = feed_.join(request_, *this);
    ++edge().counters.live_clients;
    session_->opened();
    read_next();
}

void LiveSocket::read_next() {
    reading_ = true;
    stream_.async_read(input_, [self = shared_from_this()](ErrorCode const& error, std::size_t) {
        self->reading_ = false;
        self->received(error);
    });
}

void LiveSocket::received(ErrorCode const& error) {
    if (error) {
        // The client's closing frame was answered by Beast; everything else ends it as well.
        if (!closing_) {
            end();
        }
        return;
    }
    if (ended_ || closing_) {
        return;
    }
    if (stream_.got_text()) {
        auto const data = input_.cdata();
        session_->received({static_cast<char const*>(data.data()), data.size()});
    } else {
        session_->received({});
    }
    input_.consume(input_.size());
    if (input_.capacity() > kInputKept) {
        input_.shrink_to_fit();
    }
    if (session_->takes_messages()) {
        read_next();
    }
}

void LiveSocket::send(SharedText frame) {
    if (closing_ || ended_) {
        return;
    }
    frame_ = std::move(frame);
    frame_sent_ = 0;
    frame_deadline_ = edge().now() + options().frame_deadline;
    write_part();
}

void LiveSocket::write_part() {
    stall_deadline_ = edge().now() + options().live_stall;
    auto const size = std::min(kPart, frame_->size() - frame_sent_);
    bool const last = frame_sent_ + size == frame_->size();
    asio::const_buffer const part(frame_->data() + frame_sent_, size);
    frame_sent_ += size;
    stream_.async_write_some(last, part,
                             [self = shared_from_this(), held = frame_](
                                 ErrorCode const& error, std::size_t) { self->wrote_part(error); });
}

void LiveSocket::wrote_part(ErrorCode const& error) {
    if (ended_ || closing_) {
        return;
    }
    if (error) {
        // When it is the client that ends, Beast answers its closing frame before the read ends.
        if (!reading_) {
            end();
        }
        return;
    }
    if (frame_sent_ < frame_->size()) {
        write_part();
        return;
    }
    frame_.reset();
    stall_deadline_ = frame_deadline_ = SteadyTime::max();
    session_->sent();
    if (!reading_ && session_->takes_messages()) {
        read_next();
    }
}

void LiveSocket::check(SteadyTime now) {
    if (session_ && !stream_.is_open() && deadline_ == SteadyTime::max()) {
        // Beast is ending it, because the client asked for it or broke the protocol, and waits for
        // the client's end.
        deadline_ = now + options().linger;
    }
    if (now >= deadline_) {
        abort();
    } else if (stream_.is_open() && !closing_ &&
               (now >= stall_deadline_ || now >= frame_deadline_)) {
        ++edge().counters.live_left_behind;
        close(CloseCode::try_again_later);
    }
}

/// Sends the closing frame, behind the part that is being written, and waits for the client's.
void LiveSocket::close(CloseCode code) {
    if (closing_ || ended_) {
        return;
    }
    if (!stream_.is_open()) {
        abort();  // still opening
        return;
    }
    closing_ = true;
    leave();
    frame_.reset();
    deadline_ = edge().now() + options().close_deadline;
    stream_.async_close(websocket::close_reason(static_cast<websocket::close_code>(code)),
                        [self = shared_from_this()](ErrorCode const& /*error*/) { self->end(); });
}

void LiveSocket::abort() {
    end();
}

/// The feed has one client less; once.
void LiveSocket::leave() {
    if (session_) {
        session_.reset();
        --edge().counters.live_clients;
    }
}

void LiveSocket::end() {
    ended_ = true;
    leave();
    frame_.reset();
    ErrorCode ignored;
    stream_.next_layer().close(ignored);
}

}  // namespace

void open_live_socket(std::shared_ptr<EdgeState> edge, Socket socket,
                      RequestReader::Upgrade const& upgrade, Request request, Feed& feed) {
    auto const live =
        std::make_shared<LiveSocket>(std::move(edge), std::move(socket), std::move(request), feed);
    live->open(upgrade);
}

}  // namespace muster
