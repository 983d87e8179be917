#pragma once

#include <cstdint>
#include <string>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// Advisory locks of ours are pairs of this and a number of their purpose.
inline constexpr std::int32_t kLockClass = 0x4d757374;  // "Must"
inline constexpr std::int32_t kMigrationLock = 1;       ///< Changes the schema.
inline constexpr std::int32_t kPartitionLock = 2;       ///< Makes or drops partitions.
/// Of pairs that say who a session belongs to, beside the hub's.
inline constexpr std::int32_t kOwnerClass = 0x4d757375;

/// Takes, for as long as the session lives, the right to write as this hub. Whoever held it and has
/// just ended is waited for. `owner`: what no other hub shares, for life; empty: nothing. Errors:
/// conflict (another hub of this id writes to the database), unavailable (an earlier session of the
/// same owner, of which nobody has made use since this one began, has not ended yet).
[[nodiscard]] Result<void> claim_hub(PostgresConnection& connection, std::string const& hub_id,
                                     std::string const& owner, Millis patience);

}  // namespace muster::postgres
