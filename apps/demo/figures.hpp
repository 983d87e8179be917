#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <demo/personality.hpp>
#include <muster/base/time.hpp>

namespace muster::demo {

struct ApiUsage {
    std::string_view name;
    std::int64_t calls{};  ///< since midnight UTC; never shrinks before the next one
};

/// What a sample project says about itself at one moment.
struct Figures {
    double requests_per_second{};
    double error_percent{};      ///< of requests, 0-100
    std::int64_t error_count{};  ///< in the last five minutes
    double memory_percent{};     ///< 0-100
    double cpu_percent{};        ///< 0-100
    double query_ms{};
    double response_ms{};
    double uptime_percent{};  ///< 0-100
    std::int64_t current_tasks{};
    std::int64_t active_users{};
    WallTime next_task{};  ///< after the asked moment
    std::array<ApiUsage, 2> api_usage{};
};

/// Pure: depends on its arguments only. A day has a busy and a quiet half, minutes have noise, and
/// each project moves in its own way (batches, steady, spikes).
[[nodiscard]] Figures figures_at(Personality const& who, std::uint64_t seed, WallTime time);

/// How busy a project is: 0 idle, 1 full. The base of all figures and of the log.
[[nodiscard]] double load_at(Personality const& who, std::uint64_t seed, WallTime time);

}  // namespace muster::demo
