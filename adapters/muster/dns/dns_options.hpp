#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <muster/base/time.hpp>

namespace muster {

struct DnsOptions {
    /// `127.0.0.1:5353,[::1]:53`, asked in this order; empty: those of `configuration`.
    std::string servers;
    std::string configuration{"/etc/resolv.conf"};  ///< Read again when it has changed.
    std::uint16_t port{53};           ///< Of the servers that it names: it cannot give any.
    std::string hosts{"/etc/hosts"};  ///< Goes before the servers; read again too.

    Millis try_timeout{1'000};  ///< Until a server is asked again; twice as long in each round.
    int tries{3};               ///< Rounds over the servers.
    Millis deadline{5'000};     ///< Of one question, over all rounds.

    Millis min_ttl{1'000};        ///< An answer holds at least so long, a partial one only so long,
    Millis max_ttl{3'600'000};    ///< and at most so long, whatever its TTL.
    Millis negative_ttl{5'000};   ///< That a name does not exist holds so long.
    Millis failure_pause{2'000};  ///< After no answer the name is not asked for again for so long.

    /// An asker waits so long for a new answer before it gets an old one whose time is over
    /// (RFC 8767 section 5), at most `max_stale` old.
    Millis stale_after{1'000};
    Millis max_stale{24h};

    /// With addresses of one family here, those of the other are waited for so long.
    Millis family_wait{300};

    std::size_t max_questions{1'000};  ///< Asked at once; others wait, in order.
    std::size_t max_names{100'000};  ///< Answers kept, always the last; those used longest ago go.
};

}  // namespace muster
