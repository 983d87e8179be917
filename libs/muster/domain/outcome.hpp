#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// Stored values: do not renumber.
enum class Verdict : std::uint8_t {
    passed = 0,
    failed = 1,
    not_counted =
        2,  ///< Our own failure (no descriptors, no network): no evidence about the target.
};

constexpr EnumNames<Verdict, 3> enum_names(Verdict) {
    return {{{Verdict::passed, "passed"},
             {Verdict::failed, "failed"},
             {Verdict::not_counted, "not_counted"}}};
}

/// What a JSON body says about its own service. It may make a verdict worse, never better.
enum class BodyWord : std::uint8_t { none = 0, degraded = 1, down = 2 };

constexpr EnumNames<BodyWord, 3> enum_names(BodyWord) {
    return {{{BodyWord::none, "none"}, {BodyWord::degraded, "degraded"}, {BodyWord::down, "down"}}};
}

/// What of this machine fails, or may: local failures are never held against a target. Stored
/// values: do not renumber.
enum class OwnFault : std::uint8_t {
    none = 0,
    network = 1,      ///< No route, no local port, the network away.
    descriptors = 2,  ///< No descriptors or memory left for a socket.
    resolver = 3,     ///< The name service does not answer.
    held_up = 4,      ///< The hub was stopped, suspended or starved while the probe was under way.
    other = 5,
};

constexpr EnumNames<OwnFault, 6> enum_names(OwnFault) {
    return {{{OwnFault::none, "none"},
             {OwnFault::network, "network"},
             {OwnFault::descriptors, "descriptors"},
             {OwnFault::resolver, "resolver"},
             {OwnFault::held_up, "heldUp"},
             {OwnFault::other, "other"}}};
}

enum class ConnectionUse : std::uint8_t { fresh = 0, reused = 1 };

/// Where the time of a probe went. A phase that did not happen is `kNone`.
struct Phases {
    static constexpr Micros kNone{-1};

    Micros dns{kNone};
    Micros connect{kNone};
    Micros tls{kNone};
    Micros first_byte{kNone};  ///< From the request's last byte written to the answer's first.
    Micros transfer{kNone};    ///< From the first byte to the last.

    bool operator==(Phases const&) const = default;
};

/// What one probe saw. Text is valid UTF-8 without NUL and without secrets.
struct Outcome {
    Verdict verdict{Verdict::not_counted};
    BodyWord word{BodyWord::none};
    /// Of not_counted: what failed here. Of failed: what here may be the reason, if targets at
    /// other hosts fail alike (`network`: the host could not be reached).
    OwnFault own_fault{OwnFault::none};
    ConnectionUse connection{ConnectionUse::fresh};
    std::uint16_t http_status{0};  ///< 0: no status line was read, or not HTTP.
    Micros response_time{0};  ///< From start to verdict; of a timed-out probe what had elapsed.
    Phases phases;
    std::string error;  ///< Empty when passed; short and plain: `connection refused`.
    std::string note;   ///< What else is worth knowing: `body is not readable JSON`.
    std::optional<WallTime> certificate_expires;  ///< Of the peer's own certificate, over TLS.
    bool tls_resumed{false};                      ///< The handshake continued an earlier session.
    std::uint16_t endpoints_healthy{0};           ///< Of a probe of several URLs: how many passed.
    std::uint16_t endpoints_total{0};             ///< 0: a probe of one.

    bool operator==(Outcome const&) const = default;
};

}  // namespace muster
