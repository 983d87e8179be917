#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

/// Many WebSocket clients of 127.0.0.1 (RFC 6455) on one loop, which read and answer pings. What
/// goes wrong throws std::runtime_error.
class LiveClients {
public:
    LiveClients(std::uint16_t port, std::string const& path, std::size_t count);
    ~LiveClients();
    LiveClients(LiveClients const&) = delete;
    LiveClients& operator=(LiveClients const&) = delete;

    void read_for(double seconds);

    /// Until every client was sent a text with all these marks, from now on; gives when each was
    /// (steady_seconds()), at most 10 s later.
    [[nodiscard]] std::vector<double> wait_for(std::vector<std::string> marks);

    [[nodiscard]] std::size_t frames() const noexcept { return frames_; }
    /// The text of the newest one.
    [[nodiscard]] std::string const& newest() const noexcept { return newest_; }

private:
    struct Client {
        int descriptor{-1};
        std::string rest{};  ///< Of a frame that did not come whole.
        double seen_at{0};
    };

    void open(Client& client, std::size_t index, std::uint16_t port, std::string const& path) const;
    void poll(double seconds);
    void read(Client& client);
    /// Takes the whole frames at its beginning; gives what is left.
    [[nodiscard]] std::string_view take(Client& client, std::string_view bytes);
    void take_text(Client& client, std::string_view text);

    std::vector<Client> clients_;
    std::vector<char> buffer_;
    std::vector<std::string> marks_;
    std::string newest_;
    int poll_;
    std::size_t frames_{0};
    std::size_t seen_{0};
};

/// A connection to 127.0.0.1 that has asked for a WebSocket at `path`. `receive_buffer`: SO_RCVBUF,
/// 0 for the system's.
[[nodiscard]] int ask_for_web_socket(std::uint16_t port, std::string const& path,
                                     int receive_buffer);

}  // namespace muster::bench
