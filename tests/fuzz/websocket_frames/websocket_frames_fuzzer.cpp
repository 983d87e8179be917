// Whatever bytes come on an open WebSocket: the edge answers in frames of its own that are right,
// closes with a code that the protocol knows, and keeps nothing of the client afterwards. Over a
// real socket of the loopback, with the edge's own code on both of its sides.

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <muster/api/health_feed.hpp>
#include <muster/edge/edge_server.hpp>
#include <muster/ports/log.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/system_clock.hpp>

namespace {

void require(bool condition, int line = __builtin_LINE()) {
    if (!condition) {
        std::fprintf(stderr, "broken: line %d\n", line);
        std::abort();
    }
}

struct NoLog final : muster::Log {
    void write(muster::LogLevel /*level*/, std::string_view /*part*/,
               std::string_view /*message*/) override {}
};

muster::EdgeOptions quick() {
    muster::EdgeOptions options;
    options.listen = {{"127.0.0.1", 0}};
    options.linger = muster::Millis(5);
    options.close_deadline = muster::Millis(20);
    options.message_deadline = muster::Millis(20);
    return options;
}

/// An edge with one feed, run by hand.
struct Hub {
    Hub() {
        router.add_feed("/ws", feed);
        auto const bound = server.listen();
        require(bound.has_value());
        port = bound->front().port;
    }

    void turn() { loop.context().poll(); }

    muster::SystemClock clock;
    NoLog log;
    muster::Loop loop;
    muster::ReadModel model;
    muster::HealthFeed feed{model, clock};
    muster::Router router{clock, muster::Origins({"*"})};
    muster::EdgeServer server{loop, clock, log, router, quick()};
    std::uint16_t port{0};
};

/// Whoever ends first leaves its port in TIME_WAIT for a minute, and that is each of the clients:
/// one address alone would run out of ports.
sockaddr_in next_address() {
    static std::uint32_t turn = 0;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + ++turn % 200);
    return address;
}

struct Client {
    explicit Client(std::uint16_t port) : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        int const on = 1;
        ::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        auto const own = next_address();
        require(::bind(socket, reinterpret_cast<sockaddr const*>(&own), sizeof own) == 0);
        auto address = own;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        require(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        ::fcntl(socket, F_SETFL, O_NONBLOCK);
        // Closed with a reset: no port waits for what is long over.
        linger const at_once{1, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ~Client() { ::close(socket); }
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    /// As much as the kernel takes; false: the other side has ended.
    bool send(std::string_view& bytes) const {
        auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        bytes.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
        return sent >= 0 || errno == EAGAIN;
    }
    /// False at the end.
    bool receive() {
        std::array<char, 16'384> bytes{};
        auto const size = ::recv(socket, bytes.data(), bytes.size(), 0);
        if (size > 0) {
            input.append(bytes.data(), static_cast<std::size_t>(size));
        }
        return size > 0 || (size < 0 && errno == EAGAIN);
    }

    int socket;
    std::string input;
};

std::uint64_t number_of(std::string_view bytes) {
    std::uint64_t value = 0;
    for (char const byte : bytes) {
        value = value << 8U | static_cast<unsigned char>(byte);
    }
    return value;
}

void check_message(std::string const& text) {
    auto const document = nlohmann::json::parse(text);
    auto const type = document.at("type").get<std::string>();
    require(type == "snapshot" || type == "pong" || type == "subscribed" || type == "error");
}

/// Every whole frame that the edge sent; the last may be cut where the connection ended.
void check_frames(std::string_view input) {
    std::string message;
    bool closed = false;
    while (input.size() >= 2) {
        require(!closed);
        auto const first = static_cast<unsigned char>(input[0]);
        auto const second = static_cast<unsigned char>(input[1]);
        require((first & 0x70U) == 0 && (second & 0x80U) == 0);
        std::size_t head = 2;
        std::uint64_t size = second;
        if (second >= 126) {
            head += second == 126 ? 2 : 8;
            if (input.size() < head) {
                return;
            }
            size = number_of(input.substr(2, head - 2));
        }
        if (input.size() - head < size) {
            return;
        }
        auto const payload = input.substr(head, size);
        switch (first & 0x0fU) {
            case 0:
            case 1:
                message += payload;
                if ((first & 0x80U) != 0) {
                    check_message(message);
                    message.clear();
                }
                break;
            case 8: {
                closed = true;
                if (payload.size() >= 2) {
                    auto const code = number_of(payload.substr(0, 2));
                    // From 3000 on it is the client's own, given back.
                    require((code >= 1000 && code <= 1013) || code >= 3000);
                }
                break;
            }
            default:
                require((first & 0x0fU) == 9 || (first & 0x0fU) == 10);
                require(payload.size() <= 125);
                break;
        }
        input.remove_prefix(head + size);
    }
}

constexpr std::string_view kOpening =
    "GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static Hub hub;
    {
        Client client(hub.port);
        auto opening = kOpening;
        require(client.send(opening) && opening.empty());
        while (client.input.find("\r\n\r\n") == std::string::npos) {
            hub.turn();
            require(client.receive());
        }
        require(client.input.substr(0, 12) == "HTTP/1.1 101");
        std::string_view bytes(reinterpret_cast<char const*>(data), size);
        bool open = true;
        while (open && !bytes.empty()) {
            open = client.send(bytes);
            hub.turn();
            open = client.receive() && open;
        }
        ::shutdown(client.socket, SHUT_WR);
        while (open) {
            hub.turn();
            open = client.receive();
        }
        check_frames(std::string_view(client.input).substr(client.input.find("\r\n\r\n") + 4));
    }
    while (hub.server.connections() > 0) {
        hub.turn();
    }
    require(hub.feed.clients() == 0);
    return 0;
}
