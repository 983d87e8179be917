#pragma once

#include <memory>

#include <muster/api/live.hpp>
#include <muster/edge/live_peer.hpp>
#include <muster/edge/request_reader.hpp>

namespace muster {

/// Opens the WebSocket that a request asked for and joins it to the feed. It lives by its own I/O.
void open_live_socket(std::shared_ptr<EdgeState> edge, TakenOver connection,
                      RequestReader::Upgrade const& upgrade, Request request, Feed& feed);

}  // namespace muster
