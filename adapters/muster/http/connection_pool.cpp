#include <muster/http/connection_pool.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <utility>

namespace muster {
namespace {

/// A peer that keeps idle connections for n seconds may close one while our request is on its way:
/// this much earlier we do not use it any more.
constexpr Millis kPeerMargin{1'000};

std::string key_of(Url const& url, TlsOptions const& tls, IpFamily ip) {
    auto key = url.scheme + "://" + host_header(url);
    key.append("\n").append(to_string(ip));
    if (url.scheme == "https") {
        key.append(tls.verify ? "\nverified\n" : "\nunverified\n");
        key.append(tls.server_name).append("\n").append(tls.ca_file);
    }
    return key;
}

}  // namespace

void HttpConnection::ready() {
    std::array<char, 16> room{};
    if (receive(room).error == EAGAIN) {
        wait_to_receive();
        return;
    }
    pool_->unlink(*this);
    pool_->close(*this);
}

Failure HttpConnection::failure_of(int error, std::uint64_t bytes) const {
    return tls_ && error == EPROTO ? tls_->protocol_failure(bytes) : reset_failure(error, bytes);
}

HttpAuthority::~HttpAuthority() {
    while (!idle_.empty()) {
        auto& connection = idle_.front();
        pool_.unlink(connection);
        pool_.close(connection);
    }
    if (!key_.empty()) {
        pool_.authorities_.erase(key_);
    }
}

HttpConnectionPool::~HttpConnectionPool() {
    assert(idle_.empty() && "authorities must not outlive their pool");
}

Result<std::shared_ptr<HttpAuthority>> HttpConnectionPool::authority(Url const& url,
                                                                     TlsOptions const& tls,
                                                                     IpFamily ip) {
    auto key = key_of(url, tls, ip);
    if (auto const known = authorities_.find(key); known != authorities_.end()) {
        if (auto authority = known->second.lock()) {
            return authority;
        }
    }
    auto authority = make_authority(key, url, tls, ip);
    if (authority) {
        authorities_.insert_or_assign(std::move(key), *authority);
    }
    return authority;
}

Result<std::shared_ptr<HttpAuthority>> HttpConnectionPool::own_authority(Url const& url,
                                                                         TlsOptions const& tls,
                                                                         IpFamily ip) {
    return make_authority({}, url, tls, ip);
}

Result<std::shared_ptr<HttpAuthority>> HttpConnectionPool::make_authority(std::string key,
                                                                          Url const& url,
                                                                          TlsOptions const& tls,
                                                                          IpFamily ip) {
    std::unique_ptr<TlsPeer> peer;
    if (url.scheme == "https") {
        auto made = tls_.make(url.host, tls);
        if (!made) {
            return tl::unexpected(std::move(made.error()));
        }
        peer = *std::move(made);
    }
    return std::make_shared<HttpAuthority>(*this, std::move(key), url, ip, std::move(peer));
}

HttpConnection* HttpConnectionPool::take(HttpAuthority& authority, SteadyTime now) {
    while (!authority.idle_.empty()) {
        auto& connection = authority.idle_.back();
        unlink(connection);
        if (may_use(connection, now)) {
            return &connection;
        }
        close(connection);
    }
    return nullptr;
}

HttpConnection& HttpConnectionPool::adopt(HttpAuthority& authority, TcpStreamPtr stream,
                                          SteadyTime now) {
    if (unused_.empty()) {
        connections_.push_back(std::make_unique<HttpConnection>());
        unused_.reserve(connections_.size());
        unused_.push_back(connections_.back().get());
    }
    auto& connection = *unused_.back();
    unused_.pop_back();
    connection.pool_ = this;
    connection.authority_ = &authority;
    connection.stream_ = std::move(stream);
    if (authority.tls_) {
        connection.tls_ = std::make_unique<TlsStream>(*authority.tls_, *connection.stream_);
    }
    connection.opened_ = now;
    return connection;
}

void HttpConnectionPool::keep(HttpConnection& connection, SteadyTime now, Millis peer_keeps) {
    auto const idle_time = std::min(options_.max_idle_time, peer_keeps - kPeerMargin);
    connection.expires_ = std::min(now + idle_time, connection.opened_ + options_.max_lifetime);
    if (options_.max_idle == 0 || connection.expires_ <= now) {
        close(connection);
        return;
    }
    drop_expired(now);
    while (idle_.size() >= options_.max_idle) {
        close_oldest();
    }
    connection.authority_->idle_.push_back(connection);
    idle_.push_back(connection);
    connection.stream_->set_user(&connection);
    // Watching costs nothing extra: the wait that begins here is the one for the next answer.
    connection.wait_readable();
}

void HttpConnectionPool::make_way(HttpAuthority& authority) noexcept {
    if (!authority.idle_.empty()) {
        auto& oldest = authority.idle_.front();
        unlink(oldest);
        close(oldest);
    }
}

void HttpConnectionPool::close(HttpConnection& connection) noexcept {
    if (connection.tls_) {
        connection.tls_->say_goodbye();
    }
    connection.stream_->close();
    give_back(connection);
}

void HttpConnectionPool::abort(HttpConnection& connection, Goodbye goodbye) noexcept {
    if (connection.tls_ && goodbye == Goodbye::said) {
        connection.tls_->say_goodbye();
    }
    connection.stream_->abort();
    give_back(connection);
}

bool HttpConnectionPool::close_oldest() noexcept {
    if (idle_.empty()) {
        return false;
    }
    auto& oldest = idle_.front();
    unlink(oldest);
    close(oldest);
    return true;
}

bool HttpConnectionPool::may_use(HttpConnection& connection, SteadyTime now) const {
    auto const& destination = connection.authority_->destination_;
    return now < connection.expires_ &&
           (!destination.addresses.empty() ||
            resolver_.still_at(destination.host, connection.stream_->peer().address()));
}

void HttpConnectionPool::unlink(HttpConnection& connection) noexcept {
    idle_.erase(idle_.iterator_to(connection));
    connection.authority_->idle_.erase(connection.authority_->idle_.iterator_to(connection));
}

void HttpConnectionPool::give_back(HttpConnection& connection) noexcept {
    connection.tls_.reset();
    streams_.give_back(std::move(connection.stream_));
    connection.authority_ = nullptr;
    unused_.push_back(&connection);
}

/// Those at the front have been idle longest, so mostly they expire first; others are found when
/// they are taken.
void HttpConnectionPool::drop_expired(SteadyTime now) noexcept {
    while (!idle_.empty() && idle_.front().expires_ <= now) {
        close_oldest();
    }
}

}  // namespace muster
