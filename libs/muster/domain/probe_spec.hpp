#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/domain/http_expectation.hpp>
#include <muster/domain/tls_options.hpp>
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

/// Which addresses of a name are tried. Stored values: do not renumber.
enum class IpFamily : std::uint8_t { any = 0, v4 = 4, v6 = 6 };

constexpr EnumNames<IpFamily, 3> enum_names(IpFamily) {
    return {{{IpFamily::any, "any"}, {IpFamily::v4, "4"}, {IpFamily::v6, "6"}}};
}

/// Stored values: do not renumber.
enum class HttpMethod : std::uint8_t { get = 0, head = 1, post = 2 };

constexpr EnumNames<HttpMethod, 3> enum_names(HttpMethod) {
    return {{{HttpMethod::get, "GET"}, {HttpMethod::head, "HEAD"}, {HttpMethod::post, "POST"}}};
}

/// One header of a request. The value may be a secret: it is never logged or shown.
struct HttpHeader {
    std::string name;
    std::string value;
    auto operator<=>(HttpHeader const&) const = default;
};

/// One request to each URL; an answer passes as `expect` says, and a JSON body may make it worse
/// (contract, section 2).
struct HttpProbeSpec {
    Url url;
    std::vector<Url> more_urls{};  ///< Behind `url`; all must pass.
    HttpMethod method{HttpMethod::get};
    std::vector<HttpHeader> headers{};
    std::string body{};
    HttpExpectation expect{};
    TlsOptions tls{};
    bool fallback{false};       ///< Tries the known health paths behind `url` in turn.
    std::uint8_t redirects{0};  ///< So many are followed, 0-10; one more fails the check.
    IpFamily ip{IpFamily::any};

    auto operator<=>(HttpProbeSpec const&) const = default;
};

/// A TCP connection that is accepted passes.
struct TcpProbeSpec {
    HostPort endpoint;
    IpFamily ip{IpFamily::any};
    auto operator<=>(TcpProbeSpec const&) const = default;
};

/// A kind of check that a program which embeds the library brings along, with a Prober for it
/// (docs/embedding.md). No configuration file makes one.
struct OwnProbeSpec {
    std::string kind;    ///< As kind_of() gives it: a short word, neither `http` nor `tcp`.
    std::string target;  ///< What is checked, for people: logged and shown, so without secrets.
    std::string host{};  ///< Whose cap it counts under; empty: this machine, which has none.
    std::map<std::string, std::string> settings{};  ///< The prober's own; never logged or shown.

    auto operator<=>(OwnProbeSpec const&) const = default;
};

/// How a service is checked. A new kind of ours is a new alternative here and a Prober that takes
/// it.
using ProbeSpec = std::variant<HttpProbeSpec, TcpProbeSpec, OwnProbeSpec>;

/// `http`, `tcp`, or the word of an OwnProbeSpec: as in the contract and in metrics. Valid as long
/// as `spec`.
[[nodiscard]] std::string_view kind_of(ProbeSpec const& spec) noexcept;

/// What is probed, without secrets: `http://127.0.0.1:3010/health`, `127.0.0.1:25`.
[[nodiscard]] std::string target_of(ProbeSpec const& spec);

/// Scheme, host, port, `ip`, TLS options: by it pools, caps and shards are keyed. For no eyes.
[[nodiscard]] std::string authority_of(ProbeSpec const& spec);

/// Name or address; empty: nothing beyond this machine is asked. Valid as long as `spec`.
[[nodiscard]] std::string_view host_of(ProbeSpec const& spec) noexcept;

/// That is connected to; nothing where no connection is told of.
[[nodiscard]] std::optional<std::uint16_t> port_of(ProbeSpec const& spec) noexcept;

/// Whether the host is another machine, whose cap and network matter.
[[nodiscard]] bool is_remote(ProbeSpec const& spec) noexcept;

}  // namespace muster
