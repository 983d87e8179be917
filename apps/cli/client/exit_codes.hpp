#pragma once

#include <muster/base/result.hpp>
#include <muster/domain/health.hpp>

namespace muster {

// Beside 0 and kExitUsage (3), which all programs have: what a command that asks a hub ends with.
inline constexpr int kExitSomeDegraded = 1;  ///< Or not known yet.
inline constexpr int kExitSomeDown = 2;
inline constexpr int kExitNoHub = 4;    ///< Nobody answers, or no hub does, or it is not ready.
inline constexpr int kExitRefused = 5;  ///< The hub says no: unknown, not allowed, not possible.

[[nodiscard]] constexpr int exit_code_of(HealthStatus status) noexcept {
    switch (status) {
        case HealthStatus::up:
            return 0;
        case HealthStatus::unknown:
        case HealthStatus::degraded:
            return kExitSomeDegraded;
        case HealthStatus::down:
            return kExitSomeDown;
    }
    return kExitSomeDown;
}

[[nodiscard]] constexpr int exit_code_of(Errc code) noexcept {
    switch (code) {
        case Errc::unavailable:
        case Errc::timed_out:
        case Errc::corrupt:
        case Errc::full:
            return kExitNoHub;
        case Errc::invalid:
        case Errc::not_found:
        case Errc::conflict:
        case Errc::in_doubt:
        case Errc::unsupported:
        case Errc::internal:
            return kExitRefused;
    }
    return kExitRefused;
}

}  // namespace muster
