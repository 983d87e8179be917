#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

/// Where a PostgreSQL database is, and who we are there.
struct PostgresAddress {
    static constexpr std::uint16_t kPort = 5432;

    std::string hosts;  ///< As in a URL: `db`, `db:5433`, `[::1]`, `a:5432,b:5432`; empty: local.
    std::string user;   ///< Empty: libpq's choice.
    std::string password;    ///< Empty: none is sent. Secret: never logged or shown.
    std::string database;    ///< Empty: that of the user's name.
    std::string parameters;  ///< `sslmode=require&…`, as written. May hold secrets.

    bool operator==(PostgresAddress const&) const = default;
};

/// Reads `postgresql://[user[:password]@][host[:port][,…]][/database][?parameters]`, also
/// `postgres://`; user, password and database may be percent-encoded (RFC 3986 section 2.1).
/// Errors: invalid, saying what would be right and showing no password.
[[nodiscard]] Result<PostgresAddress> parse_postgres_url(std::string_view text);

/// The URL without user and password, and without values of secret parameters: fit for logs.
[[nodiscard]] std::string to_text(PostgresAddress const& address);

/// The same with `***` in place of user and password, if there are any: fit to be shown where it
/// may be sent back.
[[nodiscard]] std::string masked_text(PostgresAddress const& address);

/// The whole URL, as libpq takes it. For no eyes.
[[nodiscard]] std::string secret_text(PostgresAddress const& address);

}  // namespace muster
