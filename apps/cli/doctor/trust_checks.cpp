#include <cli/doctor/trust_checks.hpp>

#include <set>
#include <string>
#include <variant>

#include <muster/tls/system_authorities.hpp>
#include <muster/tls/tls_peers.hpp>

namespace muster {
namespace {

constexpr char const* kTrustPart = "trust";

/// Files of authorities that https probes name; empty: the system's are trusted by some.
std::set<std::string> trusted_files(std::vector<ServiceSpec> const& services) {
    std::set<std::string> files;
    for (auto const& service : services) {
        auto const* const http = std::get_if<HttpProbeSpec>(&service.probe);
        if (http != nullptr && http->tls.verify && http->url.scheme == "https") {
            files.insert(http->tls.ca_file);
        }
    }
    return files;
}

}  // namespace

void check_trust(std::vector<ServiceSpec> const& services, Clock const& clock,
                 Report const& report) {
    auto const files = trusted_files(services);
    auto const system = system_authorities();
    if (system) {
        report({kTrustPart, Finding::ok, "the authorities of this machine are in " + *system, {}});
    } else {
        bool const needed = files.count("") > 0;
        report({kTrustPart, needed ? Finding::failure : Finding::warning, system.error().message,
                "install ca-certificates: without them no https check can pass"});
    }
    TlsPeers peers(clock);
    for (auto const& file : files) {
        if (file.empty()) {
            continue;
        }
        auto const peer = peers.make("localhost", TlsOptions{true, {}, file});
        if (peer) {
            report({kTrustPart, Finding::ok, file + " holds authorities", {}});
        } else {
            report({kTrustPart, Finding::failure, peer.error().message,
                    "name a PEM file of certificates in tls.ca"});
        }
    }
}

}  // namespace muster
