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

/// Takes, for as long as the session lives, the right to write as this hub. Whoever held it and has
/// just ended is waited for. Errors: conflict (another hub of this id writes to the database).
[[nodiscard]] Result<void> claim_hub(PostgresConnection& connection, std::string const& hub_id,
                                     Millis patience);

}  // namespace muster::postgres
