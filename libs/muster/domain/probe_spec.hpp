#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <variant>

#include <muster/base/enum_names.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// Whether consecutive probes of a service may share a connection.
enum class ConnectionPolicy : std::uint8_t {
    automatic,  ///< Reuse up to a 5 s interval, connect fresh above it.
    reuse,
    fresh,
};

constexpr EnumNames<ConnectionPolicy, 3> enum_names(ConnectionPolicy) {
    return {{{ConnectionPolicy::automatic, "auto"},
             {ConnectionPolicy::reuse, "reuse"},
             {ConnectionPolicy::fresh, "fresh"}}};
}

/// GET of one URL; 200-299 passes, and a JSON body may make it worse (contract, section 2).
struct HttpProbeSpec {
    Url url;
    auto operator<=>(HttpProbeSpec const&) const = default;
};

/// A TCP connection that is accepted passes.
struct TcpProbeSpec {
    HostPort endpoint;
    auto operator<=>(TcpProbeSpec const&) const = default;
};

/// How a service is checked. A new kind is a new alternative here and a Prober that takes it.
using ProbeSpec = std::variant<HttpProbeSpec, TcpProbeSpec>;

/// `http`, `tcp`: the word of the contract and of metrics.
[[nodiscard]] std::string_view kind_of(ProbeSpec const& spec) noexcept;

/// What is probed, without secrets: `http://127.0.0.1:3010/health`, `127.0.0.1:25`.
[[nodiscard]] std::string target_of(ProbeSpec const& spec);

/// Scheme, host and port: what pools, per-host caps and shards are keyed by.
[[nodiscard]] std::string authority_of(ProbeSpec const& spec);

[[nodiscard]] std::string_view host_of(ProbeSpec const& spec) noexcept;

}  // namespace muster
