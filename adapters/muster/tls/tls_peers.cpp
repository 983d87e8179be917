#include <muster/tls/tls_peers.hpp>

#include <utility>

namespace muster {

Result<std::unique_ptr<TlsPeer>> TlsPeers::make(std::string_view host, TlsOptions const& options) {
    auto authorities = authorities_of(options.ca_file);
    if (!authorities) {
        return tl::unexpected(std::move(authorities.error()));
    }
    return std::make_unique<TlsPeer>(*std::move(authorities), clock_, host, options);
}

Result<std::shared_ptr<TrustedAuthorities>> TlsPeers::authorities_of(std::string const& ca_file) {
    std::erase_if(known_, [](auto const& entry) { return entry.second.expired(); });
    auto& known = known_[ca_file];
    if (auto authorities = known.lock()) {
        return authorities;
    }
    auto authorities = TrustedAuthorities::read(ca_file, clock_.now().steady);
    if (!authorities) {
        known_.erase(ca_file);
        return authorities;
    }
    known = *authorities;
    return authorities;
}

}  // namespace muster
