#include <muster/edge/http_connection.hpp>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include <boost/asio/error.hpp>

#include <muster/api/answers.hpp>
#include <muster/api/content_coding.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/edge/buffer_of.hpp>
#include <muster/edge/event_stream.hpp>
#include <muster/edge/live_socket.hpp>
#include <muster/edge/response_head.hpp>

namespace muster {
namespace {

constexpr std::size_t kFirstInput = 4096;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kWebSocketVersion = "13";
constexpr std::size_t kKeyLength = 24;  ///< Sixteen bytes in base64.
constexpr std::string_view kTooManyLive = "too many live connections";
constexpr std::string_view kLiveRetryAfter = "5";  ///< Seconds.

}  // namespace

EdgeConnection::EdgeConnection(std::shared_ptr<EdgeState> edge, Socket socket,
                               std::unique_ptr<AddressSlot> slot, bool from_loopback)
    : Peer(std::move(edge), std::move(slot)),
      socket_(std::move(socket)),
      from_loopback_(from_loopback),
      reader_(this->edge().options.request),
      input_(kFirstInput) {}

void EdgeConnection::start() {
    set_deadline(edge().options.header_deadline);
    run();
}

void EdgeConnection::check(SteadyTime now) {
    if (now < deadline_ && now < answer_deadline_) {
        return;
    }
    auto const self = shared_from_this();
    edge().counters.slow_takers += stage_ == Stage::writing ? 1 : 0;
    if (stage_ != Stage::reading || reader_.state() == RequestReader::State::between) {
        abort();
        return;
    }
    refuse_request(408, "the request did not come in time");
    run();
}

void EdgeConnection::stop() {
    if (stage_ == Stage::reading && reader_.state() == RequestReader::State::between) {
        abort();
    } else if (stage_ == Stage::answering && errand_) {
        auto const self = shared_from_this();
        errand_.reset();
        keep_alive_ = false;
        auto response = refuse(503, "the hub is stopping", edge().clock.now().wall);
        response.add_header("Retry-After", kLiveRetryAfter);
        respond(std::move(response));
    }
}

void EdgeConnection::abort() {
    auto const self = shared_from_this();  // the errand may hold the last one
    stage_ = Stage::closed;
    errand_.reset();
    ErrorCode ignored;
    socket_.close(ignored);
}

/// Goes on until something must be waited for. Loops where callbacks would nest: a client may send
/// a thousand requests at once.
void EdgeConnection::run() {
    if (running_) {
        return;
    }
    running_ = true;
    while (advance()) {}
    running_ = false;
}

/// One step; false: a wait was started, or a reply is due.
bool EdgeConnection::advance() {
    switch (stage_) {
        case Stage::reading:
            return read_on();
        case Stage::writing:
            return write_on();
        case Stage::lingering:
            return drain_on();
        case Stage::answering:
        case Stage::closed:
            return false;
    }
    return false;
}

bool EdgeConnection::read_on() {
    using State = RequestReader::State;
    auto const before = reader_.state();
    input_begin_ += reader_.feed({input_.data() + input_begin_, input_end_ - input_begin_});
    auto const now = reader_.state();
    if (now == State::complete) {
        take_request();
        return true;
    }
    if (now == State::failed) {
        refuse_request(reader_.failure().status, reader_.failure().message);
        return true;
    }
    if (before == State::between && now == State::head) {
        set_deadline(edge().options.header_deadline);
    } else if (before != State::body && now == State::body) {
        set_deadline(edge().options.body_deadline);
    }
    if (reader_.wants_continue()) {
        // A client that does not take these few bytes would not take the answer either.
        ErrorCode ignored;
        socket_.write_some(buffer_of(kContinue), ignored);
    }
    read_more();
    return false;
}

/// Room for more input: what was used goes, and the buffer grows up to the longest headers.
void EdgeConnection::make_room() {
    auto const left = input_end_ - input_begin_;
    if (left == 0) {
        input_begin_ = input_end_ = 0;
    } else if (input_end_ == input_.size()) {
        std::memmove(input_.data(), input_.data() + input_begin_, left);
        input_begin_ = 0;
        input_end_ = left;
    }
    if (input_end_ == input_.size()) {
        auto const limit = edge().options.request.header_bytes;
        input_.resize(std::max(std::min(input_.size() * 2, limit), input_.size() + 1));
    }
}

void EdgeConnection::read_more() {
    if (std::exchange(read_pending_, true)) {
        return;
    }
    make_room();
    socket_.async_read_some(asio::buffer(input_.data() + input_end_, input_.size() - input_end_),
                            [self = shared_from_this()](ErrorCode const& error, std::size_t size) {
                                self->read_pending_ = false;
                                if (self->stage_ == Stage::closed) {
                                    return;
                                }
                                if (error) {
                                    self->abort();
                                    return;
                                }
                                self->took_input(size);
                            });
}

void EdgeConnection::took_input(std::size_t size) {
    // While lingering, and after a deadline's refusal, what still comes is not looked at.
    if (stage_ == Stage::reading) {
        input_end_ += size;
    }
    run();
}

void EdgeConnection::take_request() {
    ++edge().counters.requests;
    deadline_ = SteadyTime::max();
    http10_ = reader_.http10();
    keep_alive_ = reader_.keep_alive();
    stage_ = Stage::answering;
    std::optional<RequestReader::Upgrade> upgrade;
    if (reader_.upgrade() != nullptr) {
        upgrade = *reader_.upgrade();
    }
    auto request = reader_.take();
    request.from_loopback = from_loopback_;
    wants_gzip_ = wants_gzip(request.accept_encoding);
    head_only_ = request.method == Method::head;
    if (upgrade && take_upgrade(request, *upgrade)) {
        return;
    }
    auto errand = edge().router.handle(
        std::move(request),
        [self = shared_from_this()](Response response) { self->respond(std::move(response)); });
    if (errand && stage_ == Stage::answering) {
        errand_ = std::move(errand);
        watch_client();
    }
}

/// Nothing is read while an answer is due; but of an errand it must be known whether anybody still
/// waits for it.
void EdgeConnection::watch_client() {
    if (std::exchange(watching_, true)) {
        return;
    }
    socket_.async_wait(Socket::wait_read, [self = shared_from_this()](ErrorCode const& /*closed*/) {
        self->watching_ = false;
        self->client_stirred();
    });
}

/// A client that says nothing more, half-closed ones included, has gone. One that has sent its next
/// request is there, and is watched no longer: its end would stand behind that.
void EdgeConnection::client_stirred() {
    if (stage_ != Stage::answering || !errand_) {
        return;
    }
    char next = 0;
    ErrorCode error;
    auto const size = socket_.receive(asio::buffer(&next, 1), Socket::message_peek, error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
        watch_client();
    } else if (error || size == 0) {
        abort();
    }
}

/// An opening WebSocket at a path that has a feed: opened or refused here. False: an ordinary
/// request after all.
bool EdgeConnection::take_upgrade(Request& request, RequestReader::Upgrade& upgrade) {
    auto* const feed = edge().router.feed_at(request.target);
    if (feed == nullptr || request.method != Method::get) {
        return false;
    }
    auto const now = edge().clock.now().wall;
    if (auto refused = edge().router.refuse_read(request)) {
        respond(std::move(*refused));
    } else if (!edge().router.origins().admits_socket(request.origin, request.host)) {
        respond(refuse(
            403, "Origin " + in_quotes(request.origin) + " is not listed in cors.origins", now));
    } else if (upgrade.version != kWebSocketVersion) {
        auto response = refuse(426, "The WebSocket version that is spoken here is 13", now);
        response.add_header("Sec-WebSocket-Version", kWebSocketVersion);
        respond(std::move(response));
    } else if (upgrade.key.size() != kKeyLength) {
        respond(refuse(400, "Sec-WebSocket-Key must be sixteen bytes in base64", now));
    } else if (input_begin_ != input_end_) {
        respond(refuse(400, "frames must not be sent before the WebSocket is open", now));
    } else if (auto const objection = feed->objection(request)) {
        respond(refuse(400, *objection, now));
    } else if (live_is_full()) {
        auto response = refuse(503, kTooManyLive, now);
        response.add_header("Retry-After", kLiveRetryAfter);
        respond(std::move(response));
    } else {
        stage_ = Stage::closed;
        open_live_socket(shared_edge(), {std::move(socket_), take_slot()}, upgrade,
                         std::move(request), *feed);
    }
    return true;
}

bool EdgeConnection::live_is_full() {
    bool const full = edge().live >= edge().options.max_live;
    edge().counters.live_refused += full ? 1 : 0;
    return full;
}

/// An answer that goes on as an event stream. False: it is an ordinary one after all.
bool EdgeConnection::take_stream(Response& response) {
    if (!response.stream || head_only_) {
        return false;
    }
    if (edge().stopping || live_is_full()) {
        auto refusal = refuse(503, edge().stopping ? "the hub is stopping" : kTooManyLive,
                              edge().clock.now().wall);
        refusal.headers = response.headers;
        refusal.add_header("Retry-After", kLiveRetryAfter);
        response = std::move(refusal);
        return false;
    }
    stage_ = Stage::closed;
    open_event_stream(shared_edge(), {std::move(socket_), take_slot()}, std::move(response));
    return true;
}

void EdgeConnection::refuse_request(unsigned status, std::string_view message) {
    ++edge().counters.bad_requests;
    wants_gzip_ = false;
    failed_ = true;
    keep_alive_ = false;
    head_only_ = false;
    stage_ = Stage::answering;
    respond(refuse(status, message, edge().clock.now().wall));
}

void EdgeConnection::respond(Response response) {
    auto const ended = std::move(errand_);  // ends with this call, which may come from inside it
    if (stage_ != Stage::answering || take_stream(response)) {
        return;
    }
    edge().encoder.encode(
        std::move(response), wants_gzip_,
        [self = shared_from_this()](Response encoded) { self->send(std::move(encoded)); });
}

void EdgeConnection::send(Response response) {
    if (stage_ != Stage::answering) {
        return;
    }
    auto const now = edge().clock.now();
    keep_alive_ = keep_alive_ && !response.close && !edge().stopping;
    head_.clear();
    append_response_head(head_, response,
                         {.now = now.wall, .http10 = http10_, .keep_alive = keep_alive_});
    body_ = head_only_ ? Body() : std::move(response.body);
    output_ = {buffer_of(head_), buffer_of(body_.head),
               body_.shared ? buffer_of(*body_.shared) : asio::const_buffer(),
               buffer_of(body_.tail)};
    output_at_ = 0;
    stage_ = Stage::writing;
    deadline_ = now.steady + edge().options.write_stall;
    answer_deadline_ = now.steady + edge().options.answer_deadline +
                       Millis(body_.size() * 1000 / edge().options.slowest_bytes_per_second);
    run();
}

bool EdgeConnection::write_on() {
    while (output_at_ < output_.size()) {
        ErrorCode error;
        auto const left = std::span(output_).subspan(output_at_);
        auto const written = socket_.write_some(left, error);
        if (error == asio::error::would_block || error == asio::error::try_again) {
            socket_.async_wait(
                Socket::wait_write,
                [self = shared_from_this()](ErrorCode const& /*closed*/) { self->run(); });
            return false;
        }
        if (error) {
            abort();
            return false;
        }
        advance_output(written);
    }
    finish_answer();
    return true;
}

void EdgeConnection::advance_output(std::size_t written) {
    set_deadline(edge().options.write_stall);
    while (output_at_ < output_.size() && written >= output_[output_at_].size()) {
        written -= output_[output_at_].size();
        ++output_at_;
    }
    if (output_at_ < output_.size()) {
        output_[output_at_] += written;
    }
}

void EdgeConnection::finish_answer() {
    body_ = {};
    answer_deadline_ = SteadyTime::max();
    if (keep_alive_ && !edge().stopping) {
        stage_ = Stage::reading;
        set_deadline(edge().options.idle_deadline);
        return;
    }
    if (!failed_) {
        ErrorCode ignored;
        socket_.shutdown(Socket::shutdown_both, ignored);
        abort();
        return;
    }
    // Closing a socket with unread input resets it, and the client may never see the answer: wait a
    // little for its end.
    stage_ = Stage::lingering;
    set_deadline(edge().options.linger);
    ErrorCode ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
}

bool EdgeConnection::drain_on() {
    if (!read_pending_) {
        input_begin_ = input_end_ = 0;
        read_more();
    }
    return false;
}

}  // namespace muster
