#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <integration/edge/raw_client.hpp>

namespace muster {

/// A WebSocket client (RFC 6455) on a raw socket, able to do all that it must not.
class WebSocketClient {
public:
    static constexpr int kText = 1;
    static constexpr int kBinary = 2;
    static constexpr int kClose = 8;
    static constexpr int kPing = 9;
    static constexpr int kPong = 10;

    struct Frame {
        int opcode{-1};  ///< -1: the connection ended.
        bool last{false};
        std::string payload;
    };

    explicit WebSocketClient(std::uint16_t port, int receive_buffer = 0)
        : socket_(port, receive_buffer) {}

    /// Asks to open; the answer to it. The key is that of RFC 6455 section 1.3.
    RawClient::Answer open(std::string_view path, std::string_view more_headers = "");

    void send(int opcode, std::string_view payload, bool last = true, bool masked = true);
    void say(std::string_view text) { send(kText, text); }

    Frame read_frame();

    /// The next whole text message; empty when a closing frame or the end comes first.
    std::string read_message();

    /// Reads on to the closing frame: its code; 0 when the connection ended without one.
    unsigned read_close_code();

    [[nodiscard]] RawClient& socket() noexcept { return socket_; }

private:
    RawClient socket_;
};

}  // namespace muster
