#pragma once

#include <string>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// What a connection has beside the place that it leads to.
struct PostgresSession {
    std::string name{"muster"};        ///< Shown by pg_stat_activity.
    Millis connect_timeout{5'000};     ///< Whole seconds, at least 2.
    Millis statement_timeout{30'000};  ///< Of each statement; 0: none.
    Millis lock_timeout{5'000};        ///< Of each wait for a lock; 0: none.
    Millis silence{20'000};            ///< A peer that is gone without a word is noticed within.
    bool writes{false};                ///< Of several servers it wants the one that takes writes.
};

/// A connection string of libpq: `url` (postgresql://… or key=value words) with what the session
/// asks for; what the URL itself says of connect_timeout, keepalives and such wins.
/// Errors: invalid, without the URL in it.
[[nodiscard]] Result<std::string> connection_parameters(std::string const& url,
                                                        PostgresSession const& session);

/// Where a URL leads, for messages: `db.example:5432/orchestration`. No user, no secret.
[[nodiscard]] std::string place_of(std::string const& url);

}  // namespace muster
