#pragma once

#include <memory>
#include <string_view>

#include <muster/ports/log.hpp>

namespace muster {

enum class LogFormat : std::uint8_t { text, json };

/// Lines on stderr: `2026-11-22T05:55:00.123Z info  hub: …`, or one JSON object a line. Safe from
/// any thread. A reader of stderr that stops reading holds up whoever writes.
class StderrLog final : public Log {
public:
    StderrLog(LogLevel level, LogFormat format);
    ~StderrLog() override;

    void write(LogLevel level, std::string_view part, std::string_view message) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
