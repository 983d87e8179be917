#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

/// A client made of a plain blocking socket: it sends what it is told, right or wrong. Every wait
/// fails the test after ten seconds instead of hanging.
class RawClient {
public:
    struct Answer {
        unsigned status{0};
        std::string head;  ///< Status line and headers.
        std::string body;

        /// Empty where there is none.
        [[nodiscard]] std::string header(std::string_view name) const;
    };

    /// `receive_buffer`: SO_RCVBUF, set before connecting; 0 leaves it.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&&) = delete;

    /// False when the other side has closed.
    bool send(std::string_view bytes);
    void end_of_input();  ///< Half-closes.
    void close();

    /// Up to and with `end`; all there was when the connection ends before.
    std::string read_until(std::string_view end);
    std::string read_exactly(std::size_t size);
    std::string read_all();

    /// One answer; of a HEAD request its body is not waited for.
    Answer read_answer(bool to_head = false);

    /// Sends a request and reads its answer.
    Answer ask(std::string_view request);
    Answer get(std::string_view path) {
        return ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: hub\r\n\r\n");
    }

    /// Waits until the other side closes; false when it sends something instead.
    bool sees_end();

private:
    bool receive();

    int socket_{-1};
    std::string input_;
};

}  // namespace muster
