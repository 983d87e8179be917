#include <muster/dns/ares_channel.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <netinet/in.h>

#include <ares.h>
#include <ares_nameser.h>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace muster {
namespace {

namespace asio = boost::asio;
namespace ip = boost::asio::ip;

/// Of one reply; what a server sends more is not needed to reach a host.
constexpr std::size_t kMaxAddresses = 32;

/// A burst of replies waits here until the loop comes to it.
constexpr int kReceiveBuffer = 1024 * 1024;

/// Once for the process, whoever comes first.
bool library_is_ready() {
    static bool const kReady = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
    return kReady;
}

DnsReply::Kind kind_of(int status) {
    switch (status) {
        case ARES_SUCCESS:
            return DnsReply::Kind::found;
        case ARES_ENODATA:
            return DnsReply::Kind::no_address;
        case ARES_ENOTFOUND:
        case ARES_EBADNAME:
            return DnsReply::Kind::no_name;
        case ARES_EDESTRUCTION:
        case ARES_ECANCELLED:
            return DnsReply::Kind::dropped;
        default:
            return DnsReply::Kind::no_answer;
    }
}

void add(DnsReply& reply, ip::address const& address, int ttl) {
    auto const seconds = std::chrono::seconds(std::max(ttl, 0));
    reply.ttl = reply.addresses.empty() ? seconds : std::min(reply.ttl, seconds);
    reply.addresses.push_back(address);
}

DnsReply read_v4(unsigned char const* bytes, int size) {
    std::array<ares_addrttl, kMaxAddresses> records{};
    auto count = static_cast<int>(records.size());
    DnsReply reply;
    reply.kind = kind_of(ares_parse_a_reply(bytes, size, nullptr, records.data(), &count));
    for (std::size_t index = 0;
         reply.kind == DnsReply::Kind::found && index < static_cast<std::size_t>(count); ++index) {
        add(reply, ip::address_v4(ntohl(records[index].ipaddr.s_addr)), records[index].ttl);
    }
    return reply;
}

DnsReply read_v6(unsigned char const* bytes, int size) {
    std::array<ares_addr6ttl, kMaxAddresses> records{};
    auto count = static_cast<int>(records.size());
    DnsReply reply;
    reply.kind = kind_of(ares_parse_aaaa_reply(bytes, size, nullptr, records.data(), &count));
    for (std::size_t index = 0;
         reply.kind == DnsReply::Kind::found && index < static_cast<std::size_t>(count); ++index) {
        ip::address_v6::bytes_type address{};
        std::copy_n(records[index].ip6addr._S6_un._S6_u8, address.size(), address.begin());
        add(reply, ip::address_v6(address), records[index].ttl);
    }
    return reply;
}

}  // namespace

/// One of c-ares' sockets, which c-ares opens and closes.
struct AresChannel::Socket {
    Socket(asio::io_context& context, int opened) : watched(context, opened) {}
    ~Socket() { forget(); }
    Socket(Socket const&) = delete;
    Socket& operator=(Socket const&) = delete;

    /// Must come before c-ares closes the descriptor, whose number may be another's right after.
    void forget() {
        is_open = false;
        watched.release();
    }

    asio::posix::stream_descriptor watched;
    bool is_open{true};
    bool wants_read{false};
    bool wants_write{false};
    bool waits_to_read{false};
    bool waits_to_write{false};
};

/// What c-ares calls.
struct AresChannel::Callbacks {
    static void socket_state(void* self, int descriptor, int readable, int writable) {
        static_cast<AresChannel*>(self)->watch(descriptor, readable != 0, writable != 0);
    }

    template <DnsReply (*Read)(unsigned char const*, int)>
    static void replied(void* lookup, int status, int /*timeouts*/, unsigned char* bytes,
                        int size) {
        auto reply = status == ARES_SUCCESS ? Read(bytes, size) : DnsReply{kind_of(status), {}, {}};
        if (reply.kind == DnsReply::Kind::found && reply.addresses.empty()) {
            reply.kind = DnsReply::Kind::no_address;
        }
        static_cast<DnsLookup*>(lookup)->replied(std::move(reply));
    }
};

AresChannel::AresChannel(asio::io_context& context, DnsOptions const& options)
    : context_(context), options_(options) {
    reopen();
}

AresChannel::~AresChannel() {
    close();
}

void AresChannel::reopen() {
    close();
    if (!library_is_ready()) {
        return;
    }
    std::string configuration = options_.configuration;
    ares_options wanted{};
    wanted.timeout = static_cast<int>(options_.try_timeout.count());
    wanted.tries = options_.tries;
    wanted.udp_port = options_.port;
    wanted.tcp_port = options_.port;
    wanted.resolvconf_path = configuration.data();
    wanted.socket_receive_buffer_size = kReceiveBuffer;
    wanted.sock_state_cb = &Callbacks::socket_state;
    wanted.sock_state_cb_data = this;
    if (ares_init_options(&channel_, &wanted,
                          ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_UDP_PORT |
                              ARES_OPT_TCP_PORT | ARES_OPT_RESOLVCONF | ARES_OPT_SOCK_RCVBUF |
                              ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS) {
        channel_ = nullptr;
        return;
    }
    if (!options_.servers.empty() &&
        ares_set_servers_ports_csv(channel_, options_.servers.c_str()) != ARES_SUCCESS) {
        close();
    }
}

void AresChannel::close() {
    if (auto* const channel = std::exchange(channel_, nullptr)) {
        ares_destroy(channel);
    }
    sockets_.clear();
}

void AresChannel::ask(std::string const& host, AddressKind kind, DnsLookup& lookup) {
    if (channel_ == nullptr) {
        lookup.replied({});
        return;
    }
    if (kind == AddressKind::v4) {
        ares_search(channel_, host.c_str(), ns_c_in, ns_t_a, &Callbacks::replied<&read_v4>,
                    &lookup);
    } else {
        ares_search(channel_, host.c_str(), ns_c_in, ns_t_aaaa, &Callbacks::replied<&read_v6>,
                    &lookup);
    }
}

void AresChannel::look_at_timeouts() {
    if (channel_ != nullptr) {
        ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    }
}

void AresChannel::watch(int descriptor, bool readable, bool writable) {
    auto& known = sockets_[descriptor];
    if (!readable && !writable) {
        if (known) {
            known->forget();
        }
        sockets_.erase(descriptor);
        return;
    }
    if (!known) {
        known = std::make_shared<Socket>(context_, descriptor);
    }
    auto const socket = known;
    socket->wants_read = readable;
    socket->wants_write = writable;
    wait_readable(socket);
    wait_writable(socket);
}

void AresChannel::wait_readable(std::shared_ptr<Socket> const& socket) {
    if (!socket->wants_read || std::exchange(socket->waits_to_read, true)) {
        return;
    }
    // Weak: with the socket goes the channel, or what it was watched for.
    socket->watched.async_wait(
        asio::posix::descriptor_base::wait_read,
        [this, weak = std::weak_ptr<Socket>(socket)](boost::system::error_code const& error) {
            auto const held = weak.lock();
            if (!held || error) {
                return;
            }
            held->waits_to_read = false;
            ares_process_fd(channel_, held->watched.native_handle(), ARES_SOCKET_BAD);
            if (held->is_open) {
                wait_readable(held);
            }
        });
}

void AresChannel::wait_writable(std::shared_ptr<Socket> const& socket) {
    if (!socket->wants_write || std::exchange(socket->waits_to_write, true)) {
        return;
    }
    socket->watched.async_wait(
        asio::posix::descriptor_base::wait_write,
        [this, weak = std::weak_ptr<Socket>(socket)](boost::system::error_code const& error) {
            auto const held = weak.lock();
            if (!held || error) {
                return;
            }
            held->waits_to_write = false;
            ares_process_fd(channel_, ARES_SOCKET_BAD, held->watched.native_handle());
            if (held->is_open) {
                wait_writable(held);
            }
        });
}

}  // namespace muster
