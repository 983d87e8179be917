#include <muster/edge/event_stream.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/buffer.hpp>

#include <muster/api/live.hpp>
#include <muster/edge/buffer_of.hpp>
#include <muster/edge/response_head.hpp>

namespace muster {
namespace {

constexpr std::string_view kEventEnd = "\n\n";
constexpr std::string_view kBeat = ":\n\n";
/// A client has nothing to say on a stream; requests that were sent ahead fit into this.
constexpr std::size_t kMostInput = 64U << 10U;

class EventStream final : public LivePeer,
                          public LiveClient,
                          public std::enable_shared_from_this<EventStream> {
public:
    EventStream(std::shared_ptr<EdgeState> edge, TakenOver connection, Response response);
    ~EventStream() override { leave(); }
    EventStream(EventStream const&) = delete;
    EventStream& operator=(EventStream const&) = delete;

    void open();

    void send(LiveFrame frame) override;

    void check(SteadyTime now) override;
    void stop() override { end(); }
    void abort() override { end(); }

private:
    void limit_memory();
    void watch_input();
    void write(std::string head, SharedText text, std::string_view tail);
    void write_on();
    void wrote(ErrorCode const& error, std::size_t size);
    void wrote_all();
    void leave();
    void end();

    [[nodiscard]] EdgeOptions const& options() const noexcept { return edge().options; }

    Socket socket_;
    Response response_;  ///< Without its body once that is written.
    std::array<char, 1024> input_{};
    std::size_t input_size_{0};

    bool ended_{false};
    bool writing_{false};
    bool in_frame_{false};           ///< What is being written is the session's.
    std::optional<LiveFrame> next_;  ///< Waits for a beat to be written.
    SteadyTime stall_deadline_{SteadyTime::max()};
    SteadyTime frame_deadline_{SteadyTime::max()};
    SteadyTime next_beat_{SteadyTime::max()};

    std::string head_;
    SharedText text_;
    std::array<asio::const_buffer, 3> output_;
    std::size_t output_at_{0};
    std::unique_ptr<LiveSession> session_;  // last: it knows this client
};

EventStream::EventStream(std::shared_ptr<EdgeState> edge, TakenOver connection, Response response)
    : LivePeer(std::move(edge), std::move(connection.slot)),
      socket_(std::move(connection.socket)),
      response_(std::move(response)) {
    limit_memory();
}

/// What a client that takes nothing costs, and how long one costs it that is gone without a word.
void EventStream::limit_memory() {
    ErrorCode ignored;
    socket_.set_option(asio::socket_base::send_buffer_size(options().live_send_buffer), ignored);
    using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
    socket_.set_option(UserTimeout(static_cast<int>(options().live_idle.count())), ignored);
}

void EventStream::open() {
    ++edge().counters.streams_opened;
    ++edge().counters.stream_clients;
    std::string head;
    append_response_head(head, response_,
                         {.now = edge().clock.now().wall, .http10 = false, .keep_alive = false});
    head += response_.body.text();
    response_.body = {};
    session_ = std::exchange(response_.stream, nullptr)(*this);
    watch_input();
    write(std::move(head), nullptr, {});
    session_->opened();
}

/// Whatever comes is thrown away; that the client ended is what is waited for.
void EventStream::watch_input() {
    socket_.async_read_some(asio::buffer(input_),
                            [self = shared_from_this()](ErrorCode const& error, std::size_t size) {
                                if (self->ended_) {
                                    return;
                                }
                                self->input_size_ += size;
                                if (error || self->input_size_ > kMostInput) {
                                    self->end();
                                    return;
                                }
                                self->watch_input();
                            });
}

void EventStream::send(LiveFrame frame) {
    if (ended_) {
        return;
    }
    if (writing_) {
        next_ = std::move(frame);  // a beat, or the head, is on its way
        return;
    }
    in_frame_ = true;
    std::string head;
    if (frame.position) {
        head += "id: " + to_text(*frame.position) + "\n";
    }
    head += "event: ";
    head += frame.type;
    head += "\ndata: ";
    write(std::move(head), std::move(frame.text), kEventEnd);
}

void EventStream::write(std::string head, SharedText text, std::string_view tail) {
    writing_ = true;
    head_ = std::move(head);
    text_ = std::move(text);
    output_ = {buffer_of(head_), text_ ? buffer_of(*text_) : asio::const_buffer(), buffer_of(tail)};
    output_at_ = 0;
    frame_deadline_ = edge().now() + options().frame_deadline;
    write_on();
}

void EventStream::write_on() {
    stall_deadline_ = edge().now() + options().live_stall;
    socket_.async_write_some(std::span(output_).subspan(output_at_),
                             [self = shared_from_this()](ErrorCode const& error, std::size_t size) {
                                 self->wrote(error, size);
                             });
}

void EventStream::wrote(ErrorCode const& error, std::size_t size) {
    if (ended_) {
        return;
    }
    if (error) {
        end();
        return;
    }
    while (output_at_ < output_.size() && size >= output_[output_at_].size()) {
        size -= output_[output_at_].size();
        ++output_at_;
    }
    if (output_at_ < output_.size()) {
        output_[output_at_] += size;
        write_on();
    } else {
        wrote_all();
    }
}

void EventStream::wrote_all() {
    writing_ = false;
    text_.reset();
    stall_deadline_ = frame_deadline_ = SteadyTime::max();
    next_beat_ = edge().now() + options().stream_beat;
    if (std::exchange(in_frame_, false)) {
        session_->sent();
    } else if (auto frame = std::exchange(next_, std::nullopt)) {
        send(std::move(*frame));
    }
}

void EventStream::check(SteadyTime now) {
    if (ended_) {
        return;
    }
    if (now >= stall_deadline_ || now >= frame_deadline_) {
        ++edge().counters.streams_left_behind;
        end();
    } else if (!writing_ && now >= next_beat_) {
        write(std::string(kBeat), nullptr, {});
    }
}

/// The feed has one client less; once.
void EventStream::leave() {
    if (session_) {
        session_.reset();
        --edge().counters.stream_clients;
    }
}

void EventStream::end() {
    ended_ = true;
    leave();
    next_.reset();
    ErrorCode ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    socket_.close(ignored);
}

}  // namespace

void open_event_stream(std::shared_ptr<EdgeState> edge, TakenOver connection, Response response) {
    auto const stream =
        std::make_shared<EventStream>(std::move(edge), std::move(connection), std::move(response));
    stream->open();
}

}  // namespace muster
