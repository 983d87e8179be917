#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/health.hpp>

namespace muster {

// The JSON text frames of the live feed (contract, section 5).

/// What a WebSocket client asks for.
struct ClientMessage {
    enum class Kind : std::uint8_t { ping, subscribe, unsubscribe };

    static constexpr std::size_t kMaxChannels = 1000;

    Kind kind{Kind::ping};
    std::vector<std::string> channels;  ///< As written; not empty unless `ping`.

    bool operator==(ClientMessage const&) const = default;
};

/// Errors: Errc::invalid, with a message that is fit to be sent back: what is no JSON object, has
/// no known `type`, or lacks its list of channels.
[[nodiscard]] Result<ClientMessage> decode_client_message(std::string_view text);

/// `{"type":"pong"}`
[[nodiscard]] std::string_view pong_frame() noexcept;

[[nodiscard]] std::string subscribed_frame(std::vector<std::string> const& channels);

/// `message` must be valid UTF-8.
[[nodiscard]] std::string error_frame(std::string_view message);

/// `{"type":"status-update","data":<the map>,"timestamp":T}`
[[nodiscard]] std::string status_frame(std::string_view status_map, WallTime now);

/// One numbered frame of `/ws/health`.
struct HealthFrame {
    std::uint64_t seq{0};
    std::string_view service{};  ///< The service object, as append_service() writes it.
    HealthStatus previous{HealthStatus::unknown};
    std::string_view reason{};  ///< A JSON object.
    bool removed{false};
    WallTime at{};
};

/// `{"type":"health","seq":N,"service":{…},"previousStatus":…,"reason":{…},"removed"?:true,
/// "timestamp":T}`
[[nodiscard]] std::string health_frame(HealthFrame const& frame);

/// `{"type":"snapshot","epoch":E,"seq":N,"services":[`: service objects follow, then
/// snapshot_frame_end().
[[nodiscard]] std::string snapshot_frame_begin(std::uint64_t epoch, std::uint64_t seq);
/// `],"timestamp":T}`
[[nodiscard]] std::string snapshot_frame_end(WallTime now);

}  // namespace muster
