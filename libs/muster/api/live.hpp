#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <muster/api/live_position.hpp>
#include <muster/api/message.hpp>

namespace muster {

/// Why a live connection is closed: RFC 6455 section 7.4.1.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    policy = 1008,
    too_big = 1009,
    try_again_later = 1013,
};

/// One frame as a feed makes it: encoded once, and shared by all clients whatever they speak.
struct LiveFrame {
    SharedText text;                         ///< One JSON object without line breaks.
    std::string_view type;                   ///< The object's `type`; a literal.
    std::optional<LivePosition> position{};  ///< Where a client stands that has it; most have none.
};

/// The socket side of one live connection, as feeds see it. Edge's loop only.
class LiveClient {
public:
    virtual ~LiveClient() = default;

    /// Sends one frame. One at a time: the next after LiveSession::sent(). Neither that nor the
    /// session's end happens inside this call.
    virtual void send(LiveFrame frame) = 0;
};

/// What a feed keeps for one live connection. Destroyed when the connection is gone.
class LiveSession {
public:
    virtual ~LiveSession() = default;

    /// The connection is open. The client lives at least as long as this session.
    virtual void opened() = 0;

    /// One whole text message.
    virtual void received(std::string_view text) = 0;

    /// The frame given to send() was taken by the kernel.
    virtual void sent() = 0;

    /// False: read no further message before the next sent(). Asked after received() and sent().
    [[nodiscard]] virtual bool takes_messages() const = 0;
};

/// Something that live connections can be about.
class Feed {
public:
    virtual ~Feed() = default;

    /// Why nobody can join by this request, in words for who sent it; nothing: join(). Asked before
    /// the connection is opened.
    [[nodiscard]] virtual std::optional<std::string> objection(Request const& request) const = 0;

    [[nodiscard]] virtual std::unique_ptr<LiveSession> join(Request const& request,
                                                            LiveClient& client) = 0;
};

}  // namespace muster
