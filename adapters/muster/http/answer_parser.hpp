#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <muster/base/time.hpp>

namespace muster {

/// What the headers of an answer say that matters to a client which keeps none of them.
struct AnswerHead {
    std::uint16_t status{0};
    std::uint8_t minor_version{1};  ///< 0 of HTTP/1.0, 1 of HTTP/1.1.
    bool is_json{false};            ///< By its Content-Type: application/json, or any `+json`.
    bool is_plain_text{false};      ///< text/plain.
    bool is_openmetrics{false};     ///< application/openmetrics-text.
    bool close{false};              ///< `Connection: close`.
    bool keep_alive{false};         ///< `Connection: keep-alive`.
    bool chunked{false};
    bool other_coding{false};  ///< A Transfer-Encoding whose last coding is not `chunked`.
    bool compressed{false};    ///< A Content-Encoding: the body is not what it stands for.
    std::optional<std::uint64_t> length;          ///< Content-Length.
    std::optional<std::uint64_t> keep_alive_max;  ///< `Keep-Alive: max=`.
    std::optional<Millis> keep_alive_timeout;     ///< `Keep-Alive: timeout=`.
    std::optional<WallTime> last_modified;        ///< Last-Modified, where it is a date.
    std::string location;  ///< Where a 3xx points to, as it says it: any bytes but line ends.
};

/// Reads one answer, HTTP/1.0 or 1.1 (RFC 9112), from pieces of any size. Keeps no header
/// and no body: what matters of the headers is in head(), and pieces of the body are handed on as
/// they come. Interim answers (1xx, RFC 9110 section 15.2) are skipped, trailers too. Lines may end
/// in a bare LF (RFC 9112 section 2.2). Wrong framing is refused, not guessed at.
class AnswerParser {
public:
    /// Status lines and headers of one answer together, interim ones too; and in a chunked body the
    /// lines between two chunks, or those behind the last.
    static constexpr std::size_t kMaxHeadBytes = 64 * 1024;

    /// Forgets everything but its memory. `to_head`: the request is a HEAD, whose answer has no
    /// body whatever its headers say (RFC 9112 section 6.3, rule 1).
    void reset(bool to_head = false);

    struct Fed {
        std::size_t used{0};    ///< Bytes of the input that were read; the rest is still to be fed.
        std::string_view body;  ///< A piece of the body, inside the input.
    };

    /// Reads up to the next piece of the body, to the answer's end, or to the input's. Feed on
    /// while input is left and ended() is false.
    [[nodiscard]] Fed feed(std::string_view input);

    /// The peer has closed. True: that ends an answer of unknown length, or the answer was whole.
    [[nodiscard]] bool close();

    [[nodiscard]] bool ended() const noexcept {
        return state_ == State::done || state_ == State::failed;
    }
    [[nodiscard]] bool failed() const noexcept { return state_ == State::failed; }

    /// Of an answer that failed: one plain line, `not HTTP: SSH-2.0-OpenSSH_9.2`. Valid UTF-8
    /// without NUL.
    [[nodiscard]] std::string const& error() const noexcept { return error_; }

    /// The headers of the final answer have been read.
    [[nodiscard]] bool has_head() const noexcept {
        return state_ > State::headers && state_ != State::failed;
    }
    [[nodiscard]] AnswerHead const& head() const noexcept { return head_; }

    /// Of an answer that is done: whether the connection may carry another request (RFC 9112
    /// section 9.3).
    [[nodiscard]] bool may_keep_connection() const noexcept;

private:
    enum class State : std::uint8_t {
        status_line,
        headers,
        body_by_length,
        body_until_close,
        chunk_size,
        chunk_body,
        chunk_end,  ///< The line end behind a chunk.
        trailers,
        done,
        failed,
    };

    [[nodiscard]] Fed feed_body(std::string_view input);
    [[nodiscard]] std::size_t feed_line(std::string_view input);
    void line(std::string_view text);
    void status_line(std::string_view text);
    void header_line(std::string_view text);
    void chunk_size_line(std::string_view text);
    void end_of_head();
    void fail(std::string text);
    void fail_too_long();
    [[nodiscard]] bool refuse_early(std::string_view start);

    State state_{State::status_line};
    bool by_close_{false};  ///< The answer ended, or will end, by the peer's closing.
    bool last_matters_{false};
    bool interim_{false};  ///< An interim answer came before.
    bool to_head_{false};
    AnswerHead head_;
    std::size_t head_bytes_{0};  ///< Of what kMaxHeadBytes bounds.
    std::uint64_t left_{0};      ///< Of the body, or of the chunk.
    std::string line_;           ///< The start of a line whose end has not come yet.
    std::string error_;
};

}  // namespace muster
