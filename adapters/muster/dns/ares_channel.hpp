#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include <boost/asio/io_context.hpp>

#include <muster/dns/dns_options.hpp>
#include <muster/tcp/resolver.hpp>

struct ares_channeldata;

namespace muster {

/// Which addresses of a name a lookup asks for.
enum class AddressKind : std::uint8_t { v4, v6 };

/// What the name service said.
struct DnsReply {
    enum class Kind : std::uint8_t {
        found,
        no_address,  ///< The name exists, without addresses of the kind.
        no_name,     ///< It does not exist, or cannot.
        no_answer,   ///< No server answered, or none that made sense.
        dropped,     ///< The channel was closed.
    };

    Kind kind{Kind::no_answer};
    Addresses addresses;
    std::chrono::seconds ttl{0};  ///< The shortest of the records that led to the addresses.
    /// Of two lookups seen as one: only one found out anything, so that the addresses of the other
    /// family are not known to be missing.
    bool partial{false};
};

/// Told the reply to a lookup.
class DnsLookup {
public:
    virtual void replied(DnsReply reply) = 0;

protected:
    ~DnsLookup() = default;
};

/// c-ares on the loop: its sockets are watched there, and nothing blocks. Loop thread only.
class AresChannel {
public:
    AresChannel(boost::asio::io_context& context, DnsOptions const& options);
    ~AresChannel();
    AresChannel(AresChannel const&) = delete;
    AresChannel& operator=(AresChannel const&) = delete;

    /// Asks for the addresses of `host`, in the domains of the search list too. `lookup` is told
    /// exactly once, maybe inside ask(), and must live until then; it must not close the channel.
    void ask(std::string const& host, AddressKind kind, DnsLookup& lookup);

    /// To be called every few ms while lookups are under way: servers that were silent for too long
    /// are asked again, or given up.
    void look_at_timeouts();

    /// Reads the configuration again. Lookups under way are told Kind::dropped.
    void reopen();

    /// Lookups under way are told Kind::dropped, and later ones Kind::no_answer.
    void close();

private:
    struct Socket;
    struct Callbacks;

    void watch(int descriptor, bool readable, bool writable);
    void wait_readable(std::shared_ptr<Socket> const& socket);
    void wait_writable(std::shared_ptr<Socket> const& socket);

    boost::asio::io_context& context_;
    DnsOptions const options_;
    std::unordered_map<int, std::shared_ptr<Socket>> sockets_;
    ares_channeldata* channel_{nullptr};
};

}  // namespace muster
