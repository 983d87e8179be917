#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/ports/log.hpp>

namespace muster {

enum class LogFormat : std::uint8_t { text, json };

/// Lines on stderr, or appended to a file: `2026-11-22T05:55:00.123Z info  hub: …`, or one JSON
/// object a line. Safe from any thread. A reader of stderr that stops reading holds up whoever
/// writes. A line that the file does not take (full disk) goes to stderr.
class ProcessLog final : public Log {
public:
    struct Options {
        LogLevel level{LogLevel::info};
        LogFormat format{LogFormat::text};
        std::string file;  ///< Empty: stderr.
    };

    ProcessLog();
    ~ProcessLog() override;

    /// Other options from now on. Opens the file anew, even one of the same name: whoever moves it
    /// away for rotation calls this afterwards. Errors: unavailable, naming the file; the log then
    /// stays as it was.
    [[nodiscard]] Result<void> apply(Options const& options);

    void write(LogLevel level, std::string_view part, std::string_view message) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
