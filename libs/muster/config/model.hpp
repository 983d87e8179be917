#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/url.hpp>
#include <muster/ports/log.hpp>

namespace muster::config {

struct HubSettings {
    std::string id{"hub-main"};
    /// Where the hub listens, at least one; port 0 takes any that is free.
    std::vector<HostPort> listen{{"0.0.0.0", 3001}};

    bool operator==(HubSettings const&) const = default;
};

enum class LogFormat : std::uint8_t { text, json };

struct LoggingSettings {
    LogLevel level{LogLevel::info};
    LogFormat format{LogFormat::text};

    bool operator==(LoggingSettings const&) const = default;
};

/// Probes under way.
struct LimitSettings {
    std::size_t in_flight{2000};
    std::size_t per_host{64};  ///< Not for loopback.

    bool operator==(LimitSettings const&) const = default;
};

/// What a service has where it says nothing. A project's `app` takes timeout, success_threshold and
/// degraded_above from here; its interval and retries are its own (contract, section 1).
struct ServiceDefaults {
    Millis interval{30'000};
    Millis timeout{5'000};
    std::uint32_t retries{3};
    std::uint32_t success_threshold{1};
    Millis degraded_above{1'000};

    bool operator==(ServiceDefaults const&) const = default;
};

struct RetentionSettings {
    Millis raw{7 * 24h};

    bool operator==(RetentionSettings const&) const = default;
};

struct CorsSettings {
    std::vector<std::string> origins{"*"};  ///< `*` or `scheme://host[:port]`.

    bool operator==(CorsSettings const&) const = default;
};

/// What file and environment say, whole and valid.
struct Configuration {
    HubSettings hub;
    std::string data_dir{"./muster-data"};
    LoggingSettings logging;
    LimitSettings limits;
    ServiceDefaults defaults;
    RetentionSettings retention;
    CorsSettings cors;
    std::optional<std::string> token;              ///< MUSTER_TOKEN. Secret.
    std::string hub_url{"http://127.0.0.1:3001"};  ///< MUSTER_URL: whom the command line asks.
    std::vector<ProjectSpec> projects;             ///< In the order of the file.
    std::vector<std::string> warnings;             ///< For people; one line each.

    bool operator==(Configuration const&) const = default;
};

}  // namespace muster::config
