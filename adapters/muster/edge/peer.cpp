#include <muster/edge/peer.hpp>

namespace muster {

Peer::Peer(std::shared_ptr<EdgeState> edge)
    : edge_(std::move(edge)), self_(edge_->peers.insert(edge_->peers.end(), this)) {}

Peer::~Peer() {
    edge_->peers.erase(self_);
    if (edge_->stopping && edge_->peers.empty() && edge_->emptied) {
        std::exchange(edge_->emptied, nullptr)();
    }
}

}  // namespace muster
