#pragma once

#include <memory>
#include <utility>

#include <muster/edge/peer.hpp>

namespace muster {

/// What an HTTP connection hands over to the live one that it becomes.
struct TakenOver {
    Socket socket;
    std::unique_ptr<AddressSlot> slot;
};

/// A connection that lives on: a WebSocket or an event stream. Counted against their limit.
class LivePeer : public Peer {
protected:
    LivePeer(std::shared_ptr<EdgeState> edge, std::unique_ptr<AddressSlot> slot)
        : Peer(std::move(edge), std::move(slot)) {
        ++this->edge().live;
    }
    ~LivePeer() override { --edge().live; }
};

}  // namespace muster
