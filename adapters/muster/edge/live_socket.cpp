#include <muster/edge/live_socket.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <muster/edge/allowance.hpp>

namespace muster {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

/// A large frame goes out in parts of this size, so that one can see whether the client takes any
/// of it.
constexpr std::size_t kPart = 64U << 10U;
/// How much of a message is read at once.
constexpr std::size_t kReadAtOnce = 16U << 10U;
/// What a client's last message may leave allocated.
constexpr std::size_t kInputKept = 4096;

beast::string_view beast_view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

class LiveSocket final : public LivePeer,
                         public LiveClient,
                         public std::enable_shared_from_this<LiveSocket> {
public:
    LiveSocket(std::shared_ptr<EdgeState> edge, TakenOver connection, Request request, Feed& feed);
    ~LiveSocket() override { leave(); }
    LiveSocket(LiveSocket const&) = delete;
    LiveSocket& operator=(LiveSocket const&) = delete;

    void open(RequestReader::Upgrade const& upgrade);

    void send(LiveFrame frame) override;

    void check(SteadyTime now) override;
    void stop() override { close(CloseCode::going_away); }
    void abort() override;

private:
    void opened();
    void read_on();
    void read_next();
    void received(ErrorCode const& error);
    void take_message();
    void count_end(ErrorCode const& error);
    void count_broken();
    void heard_control(websocket::frame_type kind);
    void write_part();
    void wrote_part(ErrorCode const& error);
    void close(CloseCode code);
    void end();
    void leave();

    [[nodiscard]] EdgeOptions const& options() const noexcept { return edge().options; }

    std::optional<websocket::stream<Socket>> stream_;  ///< None: it has ended.
    Request const request_;
    Feed& feed_;
    http::request<http::empty_body> opening_;
    beast::flat_buffer input_;

    bool closing_{false};
    bool ended_{false};
    bool reading_{false};
    bool paused_{false};                        ///< Said so much that nothing more is read for now.
    std::shared_ptr<LiveSocket> while_paused_;  ///< Keeps it alive: no I/O does then.
    bool flooding_{false};
    bool broken_{false};      ///< Did what the protocol forbids, or left a message open.
    bool said_close_{false};  ///< The client's closing frame came.
    Allowance messages_;
    Allowance control_frames_;
    SteadyTime message_deadline_{SteadyTime::max()};  ///< Of one that began.
    SteadyTime deadline_{SteadyTime::max()};          ///< Of opening and closing.
    SteadyTime stall_deadline_{SteadyTime::max()};    ///< For the next part of a frame.
    SteadyTime frame_deadline_{SteadyTime::max()};

    SharedText frame_;  ///< Being written; null: none.
    std::size_t frame_sent_{0};
    std::unique_ptr<LiveSession> session_;  // last: it knows this client
};

LiveSocket::LiveSocket(std::shared_ptr<EdgeState> edge, TakenOver connection, Request request,
                       Feed& feed)
    : LivePeer(std::move(edge), std::move(connection.slot)),
      stream_(std::in_place, std::move(connection.socket)),
      request_(std::move(request)),
      feed_(feed),
      input_(options().message_bytes + 1),
      messages_(options().messages_per_second, options().message_burst),
      control_frames_(options().messages_per_second, options().message_burst) {
    ErrorCode ignored;
    stream_->next_layer().set_option(
        asio::socket_base::send_buffer_size(options().live_send_buffer), ignored);
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = options().close_deadline;
    timeout.idle_timeout = options().live_idle;
    timeout.keep_alive_pings = true;
    stream_->set_option(timeout);
    stream_->read_message_max(options().message_bytes);
    stream_->auto_fragment(false);
    stream_->text(true);
    stream_->control_callback([this](websocket::frame_type kind, beast::string_view /*payload*/) {
        heard_control(kind);
    });
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
    stream_->async_accept(opening_, [self = shared_from_this()](ErrorCode const& error) {
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
    read_on();
}

/// Reads the next message, unless the client must take or wait for something first.
void LiveSocket::read_on() {
    if (reading_ || !session_ || !session_->takes_messages()) {
        return;
    }
    paused_ = !messages_.any_left(edge().now());
    if (paused_) {
        ++edge().counters.messages_delayed;
        while_paused_ = shared_from_this();
    } else {
        read_next();
    }
}

void LiveSocket::read_next() {
    reading_ = true;
    stream_->async_read_some(input_, kReadAtOnce,
                             [self = shared_from_this()](ErrorCode const& error, std::size_t) {
                                 self->reading_ = false;
                                 self->received(error);
                             });
}

void LiveSocket::received(ErrorCode const& error) {
    if (ended_ || closing_) {
        return;
    }
    if (error) {
        // The client's closing frame was answered by Beast; everything else ends it as well.
        count_end(error);
        end();
        return;
    }
    if (stream_->is_message_done()) {
        message_deadline_ = SteadyTime::max();
        take_message();
        read_on();
        return;
    }
    if (message_deadline_ == SteadyTime::max()) {
        message_deadline_ = edge().now() + options().message_deadline;
    }
    read_next();
}

void LiveSocket::take_message() {
    auto const data = input_.cdata();
    messages_.spend(1.0 + static_cast<double>(data.size()) / 1024.0, edge().now());
    if (stream_->got_text()) {
        session_->received({static_cast<char const*>(data.data()), data.size()});
    } else {
        session_->received({});
    }
    input_.consume(input_.size());
    if (input_.capacity() > kInputKept) {
        input_.shrink_to_fit();
    }
}

void LiveSocket::count_end(ErrorCode const& error) {
    if (error == beast::error::timeout) {
        ++edge().counters.live_silent;
    } else if (error.category() == ErrorCode(websocket::error::closed).category() &&
               error != websocket::error::closed) {
        count_broken();
    }
}

/// Once: Beast ends the connection and tells why only when the client has ended it as well.
void LiveSocket::count_broken() {
    edge().counters.live_broken += std::exchange(broken_, true) ? 0 : 1;
}

/// Beast answers pings by itself, inside its reading: whoever sends nothing else, and much of it,
/// is sent away.
void LiveSocket::heard_control(websocket::frame_type kind) {
    auto const now = edge().now();
    said_close_ = said_close_ || kind == websocket::frame_type::close;
    if (said_close_ || flooding_) {
        return;
    }
    control_frames_.spend(1.0, now);
    if (!control_frames_.any_left(now)) {
        flooding_ = true;
        ++edge().counters.live_flooding;
        asio::post(stream_->get_executor(),
                   [self = shared_from_this()] { self->close(CloseCode::policy); });
    }
}

void LiveSocket::send(LiveFrame frame) {
    if (closing_ || ended_) {
        return;
    }
    frame_ = std::move(frame.text);
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
    stream_->async_write_some(
        last, part,
        [self = shared_from_this(), held = frame_](ErrorCode const& error, std::size_t) {
            self->wrote_part(error);
        });
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
    if (!paused_) {
        read_on();
    }
}

void LiveSocket::check(SteadyTime now) {
    if (ended_) {
        return;
    }
    if (session_ && !stream_->is_open() && deadline_ == SteadyTime::max()) {
        // Beast is ending it, because the client asked for it or broke the protocol, and waits for
        // the client's end.
        deadline_ = now + options().linger;
        if (!said_close_) {
            count_broken();
        }
    }
    if (now >= deadline_) {
        abort();
    } else if (stream_->is_open() && !closing_ && now >= message_deadline_) {
        count_broken();
        close(CloseCode::policy);
    } else if (paused_ && !closing_ && messages_.any_left(now)) {
        auto const self = std::exchange(while_paused_, nullptr);
        paused_ = false;
        read_on();
    } else if (stream_->is_open() && !closing_ &&
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
    if (!stream_->is_open()) {
        abort();  // still opening
        return;
    }
    auto const self = std::exchange(while_paused_, nullptr);
    closing_ = true;
    leave();
    frame_.reset();
    deadline_ = edge().now() + options().close_deadline;
    stream_->async_close(websocket::close_reason(static_cast<websocket::close_code>(code)),
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

/// Later also ends what Beast holds back without any I/O: where we close while it answers a ping,
/// and what it reads next breaks the protocol, its closing and its reading wait for each other for
/// ever.
void LiveSocket::end() {
    if (std::exchange(ended_, true)) {
        return;
    }
    auto const self = shared_from_this();
    while_paused_.reset();
    leave();
    frame_.reset();
    ErrorCode ignored;
    stream_->next_layer().close(ignored);
    // Twice: what waits for its turn now may begin Beast's teardown, which then uses the socket
    // once more, a turn later.
    asio::post(stream_->get_executor(), [self] {
        asio::post(self->stream_->get_executor(), [self] { self->stream_.reset(); });
    });
}

}  // namespace

void open_live_socket(std::shared_ptr<EdgeState> edge, TakenOver connection,
                      RequestReader::Upgrade const& upgrade, Request request, Feed& feed) {
    auto const live = std::make_shared<LiveSocket>(std::move(edge), std::move(connection),
                                                   std::move(request), feed);
    live->open(upgrade);
}

}  // namespace muster
