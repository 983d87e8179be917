#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <demo/personality.hpp>
#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>

namespace muster::demo {

enum class LogLevel : std::uint8_t { info, warn, error };

constexpr EnumNames<LogLevel, 3> enum_names(LogLevel) {
    return {{{LogLevel::info, "info"}, {LogLevel::warn, "warn"}, {LogLevel::error, "error"}}};
}

struct LogLine {
    WallTime at;
    LogLevel level{};
    std::string message;
};

/// What a project would have logged after `from` up to and including `to`, oldest first. Pure, and
/// seamless: two neighbouring ranges give the lines of the whole. Busier projects say more.
[[nodiscard]] std::vector<LogLine> log_lines(Personality const& who, std::uint64_t seed,
                                             WallTime from, WallTime to);

struct LogPage {
    std::vector<LogLine> lines;  ///< newest first
    std::size_t total{};         ///< lines that can be paged through
};

/// The newest lines of a log, up to a limit; the oldest one goes when a new one comes.
class LogRing {
public:
    explicit LogRing(std::size_t capacity) : capacity_{capacity} {}

    void push(LogLine line);

    /// `offset` counts from the newest line.
    [[nodiscard]] LogPage page(std::size_t limit, std::size_t offset) const;

private:
    std::size_t const capacity_;
    std::deque<LogLine> lines_;  // oldest first
};

}  // namespace muster::demo
