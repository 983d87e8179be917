#include <muster/edge/peer.hpp>

#include <algorithm>

namespace muster {
namespace {

/// Whom a limit of one address is about: an IPv6 network is given out as a whole.
asio::ip::address counted(asio::ip::address const& address) {
    if (!address.is_v6()) {
        return address;
    }
    auto bytes = address.to_v6().to_bytes();
    if (address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return asio::ip::address_v6(bytes);
}

}  // namespace

AddressSlot::AddressSlot(std::shared_ptr<EdgeState> edge, asio::ip::address const& address)
    : edge_(std::move(edge)), address_(counted(address)) {
    ++edge_->per_address[address_];
}

AddressSlot::~AddressSlot() {
    auto const known = edge_->per_address.find(address_);
    if (known != edge_->per_address.end() && --known->second == 0) {
        edge_->per_address.erase(known);
    }
}

bool AddressSlot::is_free(EdgeState const& edge, asio::ip::address const& address) {
    auto const known = edge.per_address.find(counted(address));
    return known == edge.per_address.end() || known->second < edge.options.max_per_address;
}

Peer::Peer(std::shared_ptr<EdgeState> edge, std::unique_ptr<AddressSlot> slot)
    : edge_(std::move(edge)),
      self_(edge_->peers.insert(edge_->peers.end(), this)),
      slot_(std::move(slot)) {}

Peer::~Peer() {
    edge_->peers.erase(self_);
    if (edge_->stopping && edge_->peers.empty() && edge_->emptied) {
        std::exchange(edge_->emptied, nullptr)();
    }
}

}  // namespace muster
