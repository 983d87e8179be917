#include <integration/edge/websocket_client.hpp>

namespace muster {
namespace {

void append_number(std::string& out, std::uint64_t value, int bytes) {
    for (int index = bytes - 1; index >= 0; --index) {
        out += static_cast<char>((value >> (8U * static_cast<unsigned>(index))) & 0xffU);
    }
}

std::uint64_t number_of(std::string const& bytes) {
    std::uint64_t value = 0;
    for (char const byte : bytes) {
        value = value << 8U | static_cast<unsigned char>(byte);
    }
    return value;
}

}  // namespace

RawClient::Answer WebSocketClient::open(std::string_view path, std::string_view more_headers) {
    socket_.send("GET " + std::string(path) +
                 " HTTP/1.1\r\nHost: hub:3001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
                 std::string(more_headers) + "\r\n");
    return socket_.read_answer();
}

void WebSocketClient::send(int opcode, std::string_view payload, bool last, bool masked) {
    std::string frame;
    frame += static_cast<char>((last ? 0x80 : 0) | opcode);
    auto const mask_bit = masked ? 0x80U : 0U;
    if (payload.size() < 126) {
        append_number(frame, mask_bit | payload.size(), 1);
    } else if (payload.size() < 65536) {
        append_number(frame, mask_bit | 126U, 1);
        append_number(frame, payload.size(), 2);
    } else {
        append_number(frame, mask_bit | 127U, 1);
        append_number(frame, payload.size(), 8);
    }
    constexpr std::string_view kMask = "\x12\x34\x56\x78";
    if (masked) {
        frame += kMask;
    }
    for (std::size_t index = 0; index < payload.size(); ++index) {
        frame += masked ? static_cast<char>(payload[index] ^ kMask[index % 4]) : payload[index];
    }
    socket_.send(frame);
}

WebSocketClient::Frame WebSocketClient::read_frame() {
    auto const start = socket_.read_exactly(2);
    if (start.size() < 2) {
        return {};
    }
    auto const first = static_cast<unsigned char>(start[0]);
    std::uint64_t size = static_cast<unsigned char>(start[1]) & 0x7fU;
    if (size == 126) {
        size = number_of(socket_.read_exactly(2));
    } else if (size == 127) {
        size = number_of(socket_.read_exactly(8));
    }
    return {first & 0x0f, (first & 0x80U) != 0, socket_.read_exactly(size)};
}

std::string WebSocketClient::read_message() {
    std::string message;
    while (true) {
        auto frame = read_frame();
        if (frame.opcode == kPing || frame.opcode == kPong) {
            continue;
        }
        if (frame.opcode != kText && frame.opcode != 0) {
            return {};
        }
        message += frame.payload;
        if (frame.last) {
            return message;
        }
    }
}

unsigned WebSocketClient::read_close_code() {
    while (true) {
        auto const frame = read_frame();
        if (frame.opcode == kClose) {
            return static_cast<unsigned>(number_of(frame.payload.substr(0, 2)));
        }
        if (frame.opcode == -1) {
            return 0;
        }
    }
}

}  // namespace muster
