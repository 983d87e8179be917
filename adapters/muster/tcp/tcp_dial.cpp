#include <muster/tcp/tcp_dial.hpp>

#include <cerrno>
#include <utility>

namespace muster {

void TcpDial::start(Destination const& destination, SteadyTime now, SteadyTime deadline) {
    destination_ = &destination;
    deadline_ = deadline;
    phase_started_ = now;
    dns_time_ = Phases::kNone;
    connect_time_ = Phases::kNone;
    next_address_ = 0;
    failure_.reset();
    stale_age_.reset();
    if (destination.addresses.empty()) {
        query_ = transport_.resolver.resolve(destination.host,
                                             [this](auto answer) { resolved(std::move(answer)); });
        return;
    }
    connect_next(now);
}

void TcpDial::cancel() noexcept {
    query_.reset();
    transport_.deadlines.disarm(*this);
    drop_stream();
}

std::span<boost::asio::ip::address const> TcpDial::addresses() const noexcept {
    return destination_->addresses.empty() ? resolved_ : destination_->addresses;
}

void TcpDial::resolved(tl::expected<ResolvedName, Failure> answer) {
    query_.reset();
    auto const now = transport_.clock.now().steady;
    dns_time_ = std::chrono::duration_cast<Micros>(now - phase_started_);
    phase_started_ = now;
    if (!answer) {
        observer_.dial_failed(std::move(answer.error()));
        return;
    }
    resolved_ = std::move(answer->addresses);
    stale_age_ = answer->stale_age;
    keep_family(resolved_, destination_->ip);
    if (resolved_.empty()) {
        observer_.dial_failed(answer->partial
                                  ? family_unknown_failure(destination_->host, destination_->ip)
                                  : family_failure(destination_->host, destination_->ip));
        return;
    }
    connect_next(now);
}

void TcpDial::connect_next(SteadyTime now) {
    auto const all = addresses();
    auto const left = all.size() - next_address_;
    TcpEndpoint const endpoint(all[next_address_++], destination_->port);
    stream_ = transport_.streams.take();
    connect_error_ = stream_->connect(endpoint);
    if (is_out_of_descriptors(connect_error_) && observer_.make_room()) {
        connect_error_ = stream_->connect(endpoint);
    }
    stream_->set_user(this);
    if (left > 1) {
        transport_.deadlines.arm(*this, now + (deadline_ - now) / static_cast<int>(left));
    }
    // On this machine and on fast networks the handshake is done by the next turn.
    stream_->next_turn();
}

void TcpDial::ready() {
    auto const error =
        connect_error_ != 0 ? std::exchange(connect_error_, 0) : stream_->check_connected();
    if (error == EALREADY) {
        stream_->wait_writable();
        return;
    }
    if (error != 0 || stream_->is_connected_to_itself()) {
        address_failed(connect_failure(error != 0 ? error : ECONNREFUSED));
        return;
    }
    transport_.deadlines.disarm(*this);
    connect_time_ =
        std::chrono::duration_cast<Micros>(transport_.clock.now().steady - phase_started_);
    observer_.dialed(std::move(stream_));
}

void TcpDial::deadline_passed() {
    address_failed({Failure::Kind::target, "no answer to connect", OwnFault::network});
}

void TcpDial::address_failed(Failure failure) {
    drop_stream();
    // What a target does says more than what this machine cannot do (an IPv6 address without IPv6).
    if (!failure_ || (failure_->kind == Failure::Kind::ours && failure.kind != failure_->kind)) {
        failure_ = std::move(failure);
    }
    if (next_address_ < addresses().size()) {
        connect_next(transport_.clock.now().steady);
        return;
    }
    transport_.deadlines.disarm(*this);
    observer_.dial_failed(std::move(*failure_));
}

void TcpDial::drop_stream() noexcept {
    if (stream_) {
        stream_->abort();
        transport_.streams.give_back(std::move(stream_));
    }
}

}  // namespace muster
