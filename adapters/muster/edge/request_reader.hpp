#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <muster/api/message.hpp>

namespace muster {

/// Reads requests of HTTP/1.0 and 1.1 (RFC 9112) one after another from pieces of any size, within
/// limits. Wrong framing is refused, not guessed at. Knows no socket.
class RequestReader {
public:
    struct Limits {
        std::size_t header_bytes{16U << 10U};  ///< Request line and headers together.
        std::size_t url_bytes{8U << 10U};
        std::size_t body_bytes{1U << 20U};
    };

    enum class State : std::uint8_t {
        between,   ///< Nothing of the next request was read.
        head,      ///< In the request line or the headers.
        body,      ///< The headers were read.
        complete,  ///< take() gives the request.
        failed,    ///< failure() says why; the connection is of no more use.
    };

    struct Failure {
        unsigned status{400};
        std::string message;
    };

    /// What a WebSocket's opening asks for (RFC 6455 section 4.2.1).
    struct Upgrade {
        std::string key;
        std::string version;
    };

    explicit RequestReader(Limits limits);
    ~RequestReader();
    RequestReader(RequestReader const&) = delete;
    RequestReader& operator=(RequestReader const&) = delete;

    /// Reads on: how many bytes were used. What is left must be fed again, with more behind it, or
    /// once the request that is complete was taken. With `limits.header_bytes` of input something
    /// is always used or the state is failed.
    [[nodiscard]] std::size_t feed(std::string_view input);

    [[nodiscard]] State state() const noexcept;
    [[nodiscard]] Failure const& failure() const noexcept;

    /// In state body: the client waits for `100 Continue` before it sends it. True once.
    [[nodiscard]] bool wants_continue() noexcept;

    /// Of a complete request, before it is taken.
    [[nodiscard]] bool keep_alive() const noexcept;
    [[nodiscard]] bool http10() const noexcept;
    /// Null: no WebSocket is asked for.
    [[nodiscard]] Upgrade const* upgrade() const noexcept;

    /// Hands over the complete request and gets ready for the next.
    [[nodiscard]] Request take();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
