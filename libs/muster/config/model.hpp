#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/postgres_address.hpp>
#include <muster/domain/redis_address.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/url.hpp>
#include <muster/ports/log.hpp>

namespace muster::config {

struct HubSettings {
    std::string id{"hub-main"};
    /// Where the hub listens, at least one; port 0 takes any that is free.
    std::vector<HostPort> listen{{"0.0.0.0", 3001}};
    /// Further names that a request's `Host` may carry: lower case, without port and brackets.
    std::vector<std::string> hosts;
    std::size_t shards{1};  ///< Threads that probe; 1: the hub's own loop does.

    bool operator==(HubSettings const&) const = default;
};

enum class LogFormat : std::uint8_t { text, json };

struct LoggingSettings {
    LogLevel level{LogLevel::info};
    LogFormat format{LogFormat::text};
    std::string file;  ///< Appended to; empty: stderr.

    bool operator==(LoggingSettings const&) const = default;
};

/// Probes under way.
struct LimitSettings {
    std::size_t in_flight{2000};
    std::size_t per_host{64};  ///< Not for loopback.
    /// Of the services of a group; a group that is not here has no cap of its own.
    std::map<std::string, std::size_t, std::less<>> per_group;

    bool operator==(LimitSettings const&) const = default;
};

/// What a service has where it says nothing. A project's `app` takes all of it but interval,
/// retries and failures_of, which are its own (contract, section 1).
struct ServiceDefaults {
    HealthPolicy policy;
    ConnectionPolicy connection{ConnectionPolicy::automatic};

    bool operator==(ServiceDefaults const&) const = default;
};

/// How long each level of history is kept.
struct RetentionSettings {
    Millis raw{7 * 24h};                         ///< Single checks: by time
    std::uint64_t raw_bytes{20'000'000'000ULL};  ///< or size, whichever is reached first.
    Millis minute{90 * 24h};
    Millis hour{730 * 24h};

    bool operator==(RetentionSettings const&) const = default;
};

struct CorsSettings {
    std::vector<std::string> origins{"*"};  ///< `*` or `scheme://host[:port]`.

    bool operator==(CorsSettings const&) const = default;
};

/// The PostgreSQL that keeps the history.
struct DatabaseSettings {
    std::optional<PostgresAddress> address;  ///< Nothing: SQLite in the data folder.
    std::size_t pool_min{2};                 ///< Connections from the start,
    std::size_t pool_max{20};                ///< and at most; one of them writes.
    bool migrate{true};                      ///< Bring the schema up to date.

    bool operator==(DatabaseSettings const&) const = default;
};

/// Who may read: auth.reads.
enum class Reads : std::uint8_t {
    open,
    token,  ///< Who brings the token, which is set then.
};

constexpr EnumNames<Reads, 2> enum_names(Reads) {
    return {{{Reads::open, "open"}, {Reads::token, "token"}}};
}

/// Who may have any address probed by GET /probe.
enum class ProbeAccess : std::uint8_t {
    guarded,  ///< Who may change something.
    open,     ///< Who reaches the hub.
};

constexpr EnumNames<ProbeAccess, 2> enum_names(ProbeAccess) {
    return {{{ProbeAccess::guarded, "guarded"}, {ProbeAccess::open, "open"}}};
}

/// What file and environment say, whole and valid.
struct Configuration {
    HubSettings hub;
    std::string data_dir{"./muster-data"};
    LoggingSettings logging;
    LimitSettings limits;
    ServiceDefaults defaults;
    RetentionSettings retention;
    CorsSettings cors;
    DatabaseSettings database;
    /// auth.token, or MUSTER_TOKEN: what changing calls must bring. Secret.
    std::optional<std::string> token;
    std::optional<RedisAddress> redis;  ///< redis.url, or REDIS_*; nothing: the bus in process.
    Reads reads{Reads::open};           ///< auth.reads
    ProbeAccess probe{ProbeAccess::guarded};       ///< auth.probe
    std::string hub_url{"http://127.0.0.1:3001"};  ///< MUSTER_URL: whom the command line asks.
    std::vector<ProjectSpec> projects;             ///< In the order of the file.
    std::vector<MaintenanceSpec> maintenance;      ///< In the order of the file.
    std::vector<std::string> warnings;             ///< For people; one line each.

    bool operator==(Configuration const&) const = default;
};

}  // namespace muster::config
