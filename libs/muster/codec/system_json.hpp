#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// How a part of the whole is. `off`: it is not configured.
enum class PartState : std::uint8_t { up, degraded, down, off };

constexpr EnumNames<PartState, 4> enum_names(PartState) {
    return {{{PartState::up, "up"},
             {PartState::degraded, "degraded"},
             {PartState::down, "down"},
             {PartState::off, "off"}}};
}

/// What GET /api/system/health tells. Nothing: not known yet.
struct SystemHealth {
    struct Process {
        std::string name;
        PartState state{PartState::up};
        std::optional<WallTime> last_seen;
    };
    struct Lateness {
        std::uint64_t count{0};
        Micros p50{0};
        Micros p95{0};
        Micros p99{0};
        Micros longest{0};
    };

    PartState hub{PartState::up};
    PartState database{PartState::up};
    PartState bus{PartState::up};
    PartState journal{PartState::up};
    /// Of the follower that is furthest behind, but for the rollups: they wait for whole minutes.
    std::optional<Millis> journal_lag;
    std::optional<std::uint64_t> journal_bytes;
    std::vector<Process> processes;
    std::uint64_t web_socket_clients{0};
    std::optional<Lateness> lateness;  ///< Of probes, from due to started.
    std::vector<std::string> problems;
};

/// `{"hub","database","bus","journal":{"status","lagMs","bytes"},"processes":[{"name","status",
/// "lastSeen"}],"webSocketClients","lateness":{"count","p50Ms","p95Ms","p99Ms","maxMs"},
/// "problems":[]}` (contract, section 4).
void append_system_health(std::string& out, SystemHealth const& health);

}  // namespace muster
