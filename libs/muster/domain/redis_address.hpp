#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

/// Where a Redis is, and who we are there.
struct RedisAddress {
    static constexpr std::uint16_t kPort = 6379;

    std::string host;  ///< Name or address, lower case, no brackets; empty: `path` says where.
    std::uint16_t port{kPort};
    std::string path;      ///< Of a Unix socket, absolute.
    std::string user;      ///< Of Redis's ACLs; empty: `default`.
    std::string password;  ///< Empty: none is sent. Secret: never logged or shown.
    std::uint32_t database{0};

    bool operator==(RedisAddress const&) const = default;
};

/// Reads `redis://[[user]:password@]host[:port][/database]` or
/// `unix://[[user]:password@]/path/of/socket[?db=number]`; user and password may be percent-encoded
/// (RFC 3986 section 2.1). Errors: unsupported (`rediss://`), invalid; both say what would be right
/// and show no password.
[[nodiscard]] Result<RedisAddress> parse_redis_url(std::string_view text);

/// The URL without user and password: fit for logs.
[[nodiscard]] std::string to_text(RedisAddress const& address);

/// The same with `***` in place of user and password, if there are any: fit to be shown where it
/// may be sent back.
[[nodiscard]] std::string masked_text(RedisAddress const& address);

}  // namespace muster
