#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>

namespace muster {

/// What a Redis answered to one command (RESP2).
struct RedisReply {
    enum class Kind : std::uint8_t { nothing, integer, text, status, error, list };

    Kind kind{Kind::nothing};
    std::int64_t integer{0};        ///< Of integer.
    std::string text;               ///< Of text, status and error.
    std::vector<RedisReply> items;  ///< Of list.

    [[nodiscard]] bool is(Kind wanted) const noexcept { return kind == wanted; }
    [[nodiscard]] bool is_text(std::string_view wanted) const noexcept {
        return (kind == Kind::text || kind == Kind::status) && text == wanted;
    }
};

/// What an error reply (`-READONLY You can't write …`) asks for. All of them pass by themselves or
/// by a person's hand, none by leaving a record out: never Errc::invalid. `context` says what was
/// asked. Nothing: it is no error.
[[nodiscard]] std::optional<Error> error_of(RedisReply const& reply, std::string_view context);

/// Whether an error reply says that this server will not do what another may: after a failover the
/// name leads elsewhere, so the connection is not worth keeping.
[[nodiscard]] bool is_of_the_wrong_server(RedisReply const& reply) noexcept;

/// Cuts a stream of bytes into replies. The bytes are the server's: they may be anything.
class ReplyReader {
public:
    ReplyReader();
    ~ReplyReader();
    ReplyReader(ReplyReader&&) noexcept;
    ReplyReader& operator=(ReplyReader&&) noexcept;

    void feed(std::string_view bytes);

    /// The next whole reply; nothing: more bytes are needed. Errors: corrupt (for good: nothing
    /// behind it can be read).
    [[nodiscard]] Result<std::optional<RedisReply>> next();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
