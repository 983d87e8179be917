#pragma once

#include <memory>
#include <optional>
#include <string>

#include <muster/api/health_feed.hpp>
#include <muster/api/live.hpp>
#include <muster/api/router.hpp>
#include <muster/api/status_feed.hpp>

namespace muster {

/// What `/ws/status` and `/ws/health` show, as one stream for clients without WebSocket:
/// `GET /api/stream`. Both feeds' frames take turns, so that neither keeps the other from coming;
/// `?channels=` names those that are wanted. The client says nothing. Edge's loop only.
class StreamFeed final : public Feed {
public:
    /// Both outlive it.
    StreamFeed(StatusFeed& status, HealthFeed& health) : status_(status), health_(health) {}

    [[nodiscard]] std::optional<std::string> objection(Request const& request) const override;

    /// `Last-Event-ID`, which browsers send when they come again, counts more than `?since=`, which
    /// stays as it was in the URL. One that is not ours is as good as none.
    [[nodiscard]] std::unique_ptr<LiveSession> join(Request const& request,
                                                    LiveClient& client) override;

private:
    class Session;

    StatusFeed& status_;
    HealthFeed& health_;
};

/// GET /api/stream, HEAD as well: by the router like every other read.
void add_stream_route(Router& router, StreamFeed& feed);

}  // namespace muster
