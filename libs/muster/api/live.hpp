#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

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

/// The socket side of one live connection, as feeds see it. Edge's loop only.
class LiveClient {
public:
    virtual ~LiveClient() = default;

    /// Sends one text frame. One at a time: the next after LiveSession::sent(). Neither that nor
    /// the session's end happens inside this call.
    virtual void send(SharedText frame) = 0;
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

    [[nodiscard]] virtual std::unique_ptr<LiveSession> join(Request const& request,
                                                            LiveClient& client) = 0;
};

}  // namespace muster
