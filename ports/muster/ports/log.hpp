#pragma once

#include <cstdint>
#include <string_view>

namespace muster {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

/// Where a use case tells people what it does. Never called by domain code. Safe from any thread;
/// must not throw. No secrets.
class Log {
public:
    virtual ~Log() = default;

    /// `part` is the thing that speaks (`hub`, `store`, `edge`); `message` one line.
    virtual void write(LogLevel level, std::string_view part, std::string_view message) = 0;
};

}  // namespace muster
