#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/outcome.hpp>

namespace muster {

/// The ways of looking at a target that blackbox_exporter calls so, as it has them by default.
enum class InspectionModule : std::uint8_t { http_2xx, tcp_connect };

constexpr EnumNames<InspectionModule, 2> enum_names(InspectionModule) {
    return {
        {{InspectionModule::http_2xx, "http_2xx"}, {InspectionModule::tcp_connect, "tcp_connect"}}};
}

/// One look at one target, that nobody watches otherwise.
struct InspectionSpec {
    InspectionModule module{InspectionModule::http_2xx};
    /// As it was asked for. http_2xx: a URL, `http://` where it has no scheme; tcp_connect:
    /// `host:port`.
    std::string target;
    /// Of http_2xx: sent as Host and expected by TLS instead of the target's; empty: the target's.
    std::string hostname{};

    bool operator==(InspectionSpec const&) const = default;
};

/// The address that the target's name was taken for.
struct LookUpFindings {
    Micros time{0};
    std::uint8_t ip{0};             ///< 4 or 6; 0: none was found.
    std::uint32_t address_hash{0};  ///< 0: none was found.

    bool operator==(LookUpFindings const&) const = default;
};

/// The last answer, and what it took to get it.
struct HttpFindings {
    std::uint16_t status{0};  ///< 0: there is no answer; of the others below only phases then.
    std::uint8_t minor_version{1};                ///< Of HTTP/1.
    std::optional<std::uint64_t> content_length;  ///< As the answer says it.
    std::uint64_t body_length{0};                 ///< Read of it.
    std::uint32_t redirects{0};                   ///< That came, also the one too many.
    std::optional<WallTime> last_modified;
    Phases phases;  ///< Sums over all requests; `transfer` is the last one's.

    bool operator==(HttpFindings const&) const = default;
};

/// The TLS connection that the last answer came by.
struct TlsFindings {
    std::string version;                      ///< `TLS 1.3`.
    std::optional<WallTime> earliest_expiry;  ///< Of all certificates that the peer sent.
    std::optional<WallTime> chain_expiry;     ///< The first of the chain that was verified.
    std::string fingerprint;        ///< SHA-256 of the peer's own certificate, in hexadecimal.
    std::string subject;            ///< Distinguished names (RFC 4514).
    std::string issuer;             ///< Of the peer's own certificate too.
    std::string alternative_names;  ///< Of hosts, with commas between them.

    bool operator==(TlsFindings const&) const = default;
};

/// What an inspection has seen. Text is valid UTF-8 without NUL and without secrets.
struct Findings {
    bool passed{false};
    Micros duration{0};                    ///< From the start to the end of all of it.
    std::string error;                     ///< Why it did not pass, for people.
    std::optional<LookUpFindings> lookup;  ///< Nothing: no host could be read from the target.
    std::optional<HttpFindings> http;      ///< Of http_2xx, always.
    std::optional<TlsFindings> tls;

    bool operator==(Findings const&) const = default;
};

}  // namespace muster
