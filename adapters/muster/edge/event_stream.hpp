#pragma once

#include <memory>

#include <muster/api/message.hpp>
#include <muster/edge/live_peer.hpp>

namespace muster {

/// Goes on with a connection as a stream of Server-Sent Events (WHATWG HTML, section 9.2): the head
/// and body of the answer, then every frame of the session that its `stream` makes. It lives by its
/// own I/O, until the client ends it or takes nothing any more.
void open_event_stream(std::shared_ptr<EdgeState> edge, TakenOver connection, Response response);

}  // namespace muster
