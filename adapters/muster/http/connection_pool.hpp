#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/intrusive/list.hpp>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/probe_spec.hpp>
#include <muster/domain/tls_options.hpp>
#include <muster/domain/url.hpp>
#include <muster/tcp/destination.hpp>
#include <muster/tcp/resolver.hpp>
#include <muster/tcp/tcp_stream.hpp>
#include <muster/tls/tls_peers.hpp>
#include <muster/tls/tls_stream.hpp>

namespace muster {

class HttpConnectionPool;
class HttpAuthority;

/// One connection to an authority, in use or idle in the pool, with or without TLS.
class HttpConnection final : private TcpStreamUser {
public:
    HttpConnection() = default;
    ~HttpConnection() override = default;
    HttpConnection(HttpConnection const&) = delete;
    HttpConnection& operator=(HttpConnection const&) = delete;

    /// Who is told when a wait has ended; nullptr: nobody.
    void set_user(TcpStreamUser* user) noexcept { stream_->set_user(user); }

    /// Of an https authority: its handshake is to be done before anything is sent. Else nullptr.
    [[nodiscard]] TlsStream* tls() noexcept { return tls_.get(); }

    /// As TcpStream's.
    [[nodiscard]] TcpStream::Moved send(std::string_view bytes) {
        return tls_ ? tls_->send(bytes) : stream_->send(bytes);
    }
    [[nodiscard]] TcpStream::Moved receive(std::span<char> room) {
        return tls_ ? tls_->receive(room) : stream_->receive(room);
    }

    /// After EAGAIN of send() and of receive(): the user is told when to try again.
    void wait_to_send() { tls_ ? tls_->wait() : stream_->wait_writable(); }
    void wait_to_receive() { tls_ ? tls_->wait() : stream_->wait_readable(); }

    /// The user is told when there may be something to receive, which may be here already.
    void wait_readable() { tls_ ? tls_->wait_readable() : stream_->wait_readable(); }

    /// What an error of send() or receive() says; `bytes` were received before.
    [[nodiscard]] Failure failure_of(int error, std::uint64_t bytes) const;

private:
    friend class HttpConnectionPool;
    friend class HttpAuthority;
    using Hook = boost::intrusive::list_member_hook<>;

    /// While idle: the peer has closed, or sent what nobody asked for.
    void ready() override;

    HttpConnectionPool* pool_{nullptr};
    HttpAuthority* authority_{nullptr};
    TcpStreamPtr stream_;
    std::unique_ptr<TlsStream> tls_;  ///< Uses `stream_`.
    SteadyTime opened_{};
    SteadyTime expires_{};  ///< Not used again from here on.
    Hook of_authority_;
    Hook of_all_;
};

/// A scheme, host and port, by which addresses, and how TLS is wanted there, with the idle
/// connections to it; shared by the requests that go there and gone with the last of them.
class HttpAuthority {
public:
    /// `tls` is nullptr for http. Without a key nobody else is given it.
    HttpAuthority(HttpConnectionPool& pool, std::string key, Url const& url, IpFamily ip,
                  std::unique_ptr<TlsPeer> tls)
        : pool_(pool),
          key_(std::move(key)),
          destination_(make_destination(url.host, url.port, ip)),
          tls_(std::move(tls)) {}
    ~HttpAuthority();
    HttpAuthority(HttpAuthority const&) = delete;
    HttpAuthority& operator=(HttpAuthority const&) = delete;

    [[nodiscard]] Destination const& destination() const noexcept { return destination_; }

private:
    friend class HttpConnectionPool;
    friend class HttpConnection;
    using Idle =
        boost::intrusive::list<HttpConnection,
                               boost::intrusive::member_hook<HttpConnection, HttpConnection::Hook,
                                                             &HttpConnection::of_authority_>>;

    HttpConnectionPool& pool_;
    std::string const key_;
    Destination const destination_;
    std::unique_ptr<TlsPeer> const tls_;
    Idle idle_;  ///< Last used last.
};

struct HttpPoolOptions {
    /// Descriptors that idle connections may hold, over all authorities. Where more authorities are
    /// probed in turn than this, none is found again: have a place for each.
    std::size_t max_idle{4096};
    Millis max_idle_time{5min};
    Millis max_lifetime{5min};
};

/// Kept connections (RFC 9112 section 9.3), a pool per authority, bounded over all of them: the one
/// idle longest goes first. They live until the answer for their name changes, and five minutes. An
/// idle connection is watched, so that one which the peer closes is gone at once and not found
/// broken by the next request. Loop thread only.
class HttpConnectionPool {
public:
    /// All must outlive the pool.
    HttpConnectionPool(TcpStreamPool& streams, Resolver& resolver, TlsPeers& tls,
                       HttpPoolOptions options)
        : streams_(streams), resolver_(resolver), tls_(tls), options_(options) {}
    ~HttpConnectionPool();
    HttpConnectionPool(HttpConnectionPool const&) = delete;
    HttpConnectionPool& operator=(HttpConnectionPool const&) = delete;

    /// `tls` matters to https only. Errors: as TlsPeers::make().
    [[nodiscard]] Result<std::shared_ptr<HttpAuthority>> authority(Url const& url,
                                                                   TlsOptions const& tls,
                                                                   IpFamily ip);

    /// The same, for one request: it shares no connection and no TLS session with others.
    [[nodiscard]] Result<std::shared_ptr<HttpAuthority>> own_authority(Url const& url,
                                                                       TlsOptions const& tls,
                                                                       IpFamily ip);

    /// The connection to `authority` that was used last, or nullptr. One whose address is no longer
    /// the name's is closed.
    [[nodiscard]] HttpConnection* take(HttpAuthority& authority, SteadyTime now);

    /// A connection around a stream that was just connected.
    [[nodiscard]] HttpConnection& adopt(HttpAuthority& authority, TcpStreamPtr stream,
                                        SteadyTime now);

    /// Takes a connection back for others; `peer_keeps` is how long the peer said it keeps an idle
    /// one.
    void keep(HttpConnection& connection, SteadyTime now, Millis peer_keeps);

    /// Closes the connection to `authority` that has been idle longest, if one is: for one that was
    /// dialled though it could have been taken, and is to be kept now. They would add up.
    void make_way(HttpAuthority& authority) noexcept;

    /// In good order: the peer sees an end, of TLS too.
    void close(HttpConnection& connection) noexcept;
    /// By a reset; after a whole answer, `said` tells the peer's TLS first that the end is meant.
    enum class Goodbye : std::uint8_t { said, unsaid };
    void abort(HttpConnection& connection, Goodbye goodbye = Goodbye::unsaid) noexcept;

    /// Closes the connection that has been idle longest. False: none is.
    bool close_oldest() noexcept;

    [[nodiscard]] std::size_t idle_count() const noexcept { return idle_.size(); }

private:
    friend class HttpConnection;
    friend class HttpAuthority;
    using Idle =
        boost::intrusive::list<HttpConnection,
                               boost::intrusive::member_hook<HttpConnection, HttpConnection::Hook,
                                                             &HttpConnection::of_all_>>;

    [[nodiscard]] Result<std::shared_ptr<HttpAuthority>> make_authority(std::string key,
                                                                        Url const& url,
                                                                        TlsOptions const& tls,
                                                                        IpFamily ip);
    [[nodiscard]] bool may_use(HttpConnection& connection, SteadyTime now) const;
    void unlink(HttpConnection& connection) noexcept;
    void give_back(HttpConnection& connection) noexcept;
    void drop_expired(SteadyTime now) noexcept;

    TcpStreamPool& streams_;
    Resolver& resolver_;
    TlsPeers& tls_;
    HttpPoolOptions const options_;
    std::unordered_map<std::string, std::weak_ptr<HttpAuthority>> authorities_;
    std::vector<std::unique_ptr<HttpConnection>> connections_;  ///< All there ever were.
    std::vector<HttpConnection*> unused_;
    Idle idle_;  ///< Idle longest first.
};

}  // namespace muster
