#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace muster::demo {

/// How the load of a project moves around its daily rhythm.
enum class Rhythm : std::uint8_t {
    batches,  ///< Nearly idle between batches, full load while one is sent.
    steady,   ///< Follows the hour of the day and little else.
    spikes,   ///< Follows the hour of the day; now and then something goes round.
};

/// A service of somebody else that every request uses some of.
struct PaidApi {
    std::string_view name;
    double per_request{};
};

/// Message of a log line. `{n}` becomes a count, `{ms}` a latency, `{id}` a short id, `{user}` a
/// user name, each drawn anew for every line.
struct LogTemplates {
    std::span<std::string_view const> info;
    std::span<std::string_view const> warn;
    std::span<std::string_view const> error;
};

/// What makes one sample project different from the others. Peak values are those of full load.
struct Personality {
    std::string_view name;
    std::string_view description;
    std::uint16_t default_port{};

    Rhythm rhythm{};
    double peak_hour_utc{};  ///< 0-24
    double quiet_share{};    ///< load of the quietest hour as a share of the busiest, 0-1

    double peak_requests_per_second{};
    double calm_error_percent{};  ///< of requests, 0-100
    double idle_cpu_percent{};
    double peak_cpu_percent{};
    double base_memory_percent{};
    double calm_response_ms{};
    double calm_query_ms{};
    double users_per_request_per_second{};

    std::array<PaidApi, 2> paid_apis{};
    LogTemplates log;
};

[[nodiscard]] Personality const& email_blast();
[[nodiscard]] Personality const& chatbot();
[[nodiscard]] Personality const& social_media();

}  // namespace muster::demo
