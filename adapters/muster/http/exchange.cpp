#include <muster/http/exchange.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace muster {
namespace {

Micros between(SteadyTime from, SteadyTime to) {
    return std::chrono::duration_cast<Micros>(to - from);
}

constexpr std::size_t kMaxBodyMemory = 64 * 1024;  ///< What an idle exchange may hold on to.

}  // namespace

void HttpExchange::start(HttpRequest const& request, Millis timeout, bool fresh,
                         HttpExchangeObserver& observer) {
    request_ = &request;
    observer_ = &observer;
    timeout_ = timeout;
    passed_kept_over_ = fresh;
    started_ = now();
    shared_.transport.deadlines.arm(*this, started_ + timeout);
    if (!fresh) {
        connection_ = shared_.connections.take(*request.authority, started_);
    }
    if (connection_ == nullptr) {
        dial(started_);
        return;
    }
    use_ = ConnectionUse::reused;
    begin_answer();
    connection_->set_user(this);
    auto const moved = connection_->send(request.bytes);
    if (moved.bytes != request.bytes.size()) {
        // A kept connection that takes no request is broken.
        shared_.connections.abort(*std::exchange(connection_, nullptr));
        dial(started_);
        return;
    }
    sent_ = moved.bytes;
    sent_at_ = started_;
    stage_ = Stage::waiting;
    connection_->wait_readable();
}

void HttpExchange::cancel() noexcept {
    dial_.cancel();
    if (connection_ != nullptr) {
        shared_.connections.abort(*std::exchange(connection_, nullptr));
    }
    recycle();
}

void HttpExchange::dial(SteadyTime now) {
    use_ = ConnectionUse::fresh;
    stage_ = Stage::dialing;
    begin_answer();
    dial_.start(request_->authority->destination(), now, started_ + timeout_);
}

void HttpExchange::begin_answer() {
    parser_.reset(request_->is_head);
    tls_time_ = Phases::kNone;
    peer_closed_ = false;
    unasked_bytes_ = false;
    sent_ = 0;
    send_error_ = 0;
    received_ = 0;
    body_size_ = 0;
    body_.clear();
    body_view_ = {};
}

void HttpExchange::dialed(TcpStreamPtr stream) {
    dialed_at_ = now();
    connection_ = &shared_.connections.adopt(*request_->authority, std::move(stream), dialed_at_);
    connection_->set_user(this);
    if (connection_->tls() != nullptr) {
        stage_ = Stage::handshaking;
        handshake();
    } else {
        start_sending(dialed_at_);
    }
}

void HttpExchange::handshake() {
    switch (connection_->tls()->handshake()) {
        case TlsStream::Progress::waiting:
            return;
        case TlsStream::Progress::failed:
            fail(connection_->tls()->failure());
            return;
        case TlsStream::Progress::done:
            break;
    }
    auto const moment = now();
    tls_time_ = between(dialed_at_, moment);
    observer_->handshaken(*connection_->tls());
    start_sending(moment);
}

void HttpExchange::start_sending(SteadyTime now) {
    sent_at_ = now;
    stage_ = Stage::sending;
    send();
}

void HttpExchange::dial_failed(Failure failure) {
    fail(std::move(failure));
}

void HttpExchange::ready() {
    switch (stage_) {
        case Stage::handshaking:
            handshake();
            return;
        case Stage::sending:
            send();
            return;
        case Stage::dialing:
        case Stage::waiting:
        case Stage::reading:
            receive();
            return;
    }
}

void HttpExchange::send() {
    while (sent_ < request_->bytes.size()) {
        auto const moved = connection_->send(std::string_view(request_->bytes).substr(sent_));
        sent_ += moved.bytes;
        if (moved.error == EAGAIN) {
            connection_->wait_to_send();
            return;
        }
        if (moved.error != 0) {
            not_taken(moved.error);
            return;
        }
    }
    stage_ = Stage::waiting;
    connection_->wait_readable();
}

/// A server may answer before it has read all, and close: what it sent is here still, behind the
/// reset (RFC 9112 section 9.5, a 413 for one). Of a broken TLS connection nothing can be read.
void HttpExchange::not_taken(int error) {
    bool const has_ended = error == EPIPE || error == ECONNRESET;
    if (connection_->tls() != nullptr || !has_ended) {
        fail(connection_->failure_of(error, 0));
        return;
    }
    send_error_ = error;
    stage_ = Stage::waiting;
    receive();
}

/// Reads once per readiness, so that an endless answer leaves the others their turns.
void HttpExchange::receive() {
    auto const moved = connection_->receive(shared_.read_buffer);
    if (moved.error == EAGAIN) {
        connection_->wait_to_receive();
        return;
    }
    if (moved.bytes == 0) {
        peer_ended(moved.error);
        return;
    }
    if (stage_ == Stage::waiting) {
        first_byte_at_ = now();
        stage_ = Stage::reading;
    }
    received_ += moved.bytes;
    take(std::string_view(shared_.read_buffer.data(), moved.bytes));
}

void HttpExchange::take(std::string_view input) {
    auto const is_only = received_ == input.size();
    while (!input.empty() && !parser_.ended()) {
        auto const fed = parser_.feed(input);
        take_body(fed.body);
        input.remove_prefix(fed.used);
    }
    if (parser_.failed()) {
        fail({Failure::Kind::target, parser_.error()});
        return;
    }
    unasked_bytes_ = !input.empty();
    if (parser_.ended() || body_size_ >= request_->max_body_read ||
        received_ >= 2 * request_->max_body_read) {
        finish(is_only ? first_byte_at_ : now());
        return;
    }
    if (!body_view_.empty()) {
        body_.assign(body_view_);  // the next read overwrites it
        body_view_ = {};
    }
    connection_->wait_readable();
}

void HttpExchange::take_body(std::string_view piece) {
    body_size_ += piece.size();
    auto const kept = body_.size() + body_view_.size();
    piece = piece.substr(0, request_->max_body_kept - std::min(request_->max_body_kept, kept));
    if (piece.empty()) {
        return;
    }
    if (kept == 0) {
        body_view_ = piece;
        return;
    }
    if (!body_view_.empty()) {
        body_.assign(body_view_);
        body_view_ = {};
    }
    body_.append(piece);
}

void HttpExchange::peer_ended(int error) {
    peer_closed_ = true;
    // The kernel tells an error once, and an end from then on. EPIPE: the peer's end came first, so
    // that an answer is whole which only the end delimits.
    if (error == 0 && (send_error_ == ECONNRESET || received_ == 0)) {
        error = send_error_;
    }
    auto const moment = now();
    if (stage_ == Stage::waiting && again_fresh(moment)) {
        return;
    }
    if (error != 0) {
        fail(connection_->failure_of(error, received_));
        return;
    }
    if (!parser_.close()) {
        fail(closed_failure(received_));
        return;
    }
    // Only TLS can tell an end from a cut, and only an answer of unknown length depends on it
    // (RFC 9112 section 9.8).
    if (connection_->tls() != nullptr && connection_->tls()->is_cut()) {
        fail({Failure::Kind::target,
              closed_failure(received_).text + " without TLS close_notify: the answer may be cut"});
        return;
    }
    finish(moment);
}

bool HttpExchange::again_fresh(SteadyTime now) {
    if (use_ != ConnectionUse::reused) {
        return false;
    }
    shared_.connections.abort(*std::exchange(connection_, nullptr));
    dial(now);
    return true;
}

void HttpExchange::deadline_passed() {
    bool const resolving = stage_ == Stage::dialing && dial_.resolving();
    fail(resolving ? resolver_timeout_failure(timeout_) : timeout_failure(timeout_));
}

void HttpExchange::finish(SteadyTime now) {
    // 408 on a kept connection speaks of the time before our request (RFC 9110 section 15.5.9).
    if (parser_.head().status == 408 && again_fresh(now)) {
        return;
    }
    HttpAnswer answer;
    answer.head = parser_.head();
    answer.body = body_view_.empty() ? std::string_view(body_) : body_view_;
    answer.body_size = body_size_;
    answer.body_is_cut = body_size_ > answer.body.size() || !parser_.ended();
    answer.elapsed = between(started_, now);
    tell_connection(answer);
    answer.phases.first_byte = between(sent_at_, first_byte_at_);
    answer.phases.transfer = between(first_byte_at_, now);
    end_connection(now);
    shared_.transport.deadlines.disarm(*this);
    std::exchange(observer_, nullptr)->exchanged(answer);
    recycle();
}

void HttpExchange::fail(Failure failure) {
    auto const moment = now();
    HttpAnswer answer;
    answer.stage = stage_text();
    answer.failure = std::move(failure);
    if (stage_ == Stage::reading && !parser_.failed() && parser_.has_head()) {
        answer.head = parser_.head();
        answer.body_size = body_size_;
    }
    answer.elapsed = between(started_, moment);
    tell_connection(answer);
    if (stage_ == Stage::reading) {
        answer.phases.first_byte = between(sent_at_, first_byte_at_);
    }
    dial_.cancel();
    if (connection_ != nullptr) {
        shared_.connections.abort(*std::exchange(connection_, nullptr));
    }
    shared_.transport.deadlines.disarm(*this);
    std::exchange(observer_, nullptr)->exchanged(answer);
    recycle();
}

void HttpExchange::tell_connection(HttpAnswer& answer) const {
    answer.connection = use_;
    if (use_ == ConnectionUse::fresh) {
        answer.phases.dns = dial_.dns_time();
        answer.phases.connect = dial_.connect_time();
        answer.phases.tls = tls_time_;
        answer.stale_name = dial_.stale_age();
    }
    if (connection_ != nullptr && connection_->tls() != nullptr) {
        answer.certificate_expires = connection_->tls()->certificate_expires();
        answer.tls_resumed = use_ == ConnectionUse::fresh && connection_->tls()->is_resumed();
    }
}

/// After a whole answer. A peer that has closed already gets a close in good order, which leaves no
/// trace on our side. One that has not gets a reset: it has nothing more to tell us, and closing
/// first would leave a port in TIME_WAIT for a minute (470 probes a second to one address would
/// use them all up).
void HttpExchange::end_connection(SteadyTime now) {
    auto& connection = *std::exchange(connection_, nullptr);
    if (request_->keep && send_error_ == 0 && !unasked_bytes_ && parser_.may_keep_connection()) {
        if (passed_kept_over_) {
            shared_.connections.make_way(*request_->authority);
        }
        shared_.connections.keep(connection, now,
                                 parser_.head().keep_alive_timeout.value_or(Millis::max()));
    } else if (peer_closed_) {
        shared_.connections.close(connection);
    } else {
        shared_.connections.abort(connection, HttpConnectionPool::Goodbye::said);
    }
}

void HttpExchange::recycle() noexcept {
    shared_.transport.deadlines.disarm(*this);
    observer_ = nullptr;
    request_ = nullptr;
    if (body_.capacity() > kMaxBodyMemory) {
        std::string().swap(body_);  // assigning an empty one would keep the memory
    }
    parser_.reset();
    shared_.idle.push_back(this);
}

std::string_view HttpExchange::stage_text() const noexcept {
    switch (stage_) {
        case Stage::dialing:
            return dial_.stage();
        case Stage::handshaking:
            return "in the TLS handshake";
        case Stage::sending:
            return "sending the request";
        case Stage::waiting:
            return "waiting for the answer";
        case Stage::reading:
            return "reading the answer";
    }
    return {};
}

}  // namespace muster
