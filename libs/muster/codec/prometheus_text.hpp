#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// Text format 0.0.4, or OpenMetrics 1.0: the same lines for us, but for the unit of timestamps.
enum class ExpositionFormat : std::uint8_t { prometheus, openmetrics };

struct SeriesLabel {
    std::string_view name;
    std::string_view value;  ///< Escapes are resolved.
};

/// One line that shows a value. Views end with the call that hands it over.
struct SeriesValue {
    std::string_view name;
    std::span<SeriesLabel const> labels;  ///< In the order of the line.
    double value{0};                      ///< NaN and the infinities too.
    std::optional<WallTime> timestamp;
    std::size_t line{0};  ///< From 1.

    /// Empty where there is no such label.
    [[nodiscard]] std::string_view label(std::string_view wanted) const noexcept;
};

/// Told of what an exposition holds, line by line. Views end with the call.
class ExpositionVisitor {
public:
    virtual ~ExpositionVisitor() = default;

    /// False: enough, read no further.
    [[nodiscard]] virtual bool value(SeriesValue const& value) = 0;
    /// `text` as written, escapes and all.
    virtual void help(std::string_view /*name*/, std::string_view /*text*/) {}
    /// `type` as written: `counter`.
    virtual void type(std::string_view /*name*/, std::string_view /*type*/) {}
};

/// Limits of one exposition. Nothing is allocated but the unescaped labels of one line.
struct ExpositionLimits {
    std::size_t bytes{std::size_t{16} << 20U};
    std::size_t line_bytes{std::size_t{64} << 10U};
};
inline constexpr std::size_t kMaxSeriesLabels = 64;

/// Reads the text that a program serves at `/metrics` for Prometheus: its text format 0.0.4, and
/// what OpenMetrics adds (`# EOF` ends it, `# UNIT` and exemplars are passed over). Lines may end
/// in CR LF, the last one in nothing. Errors: invalid, naming the line and what is wrong with it:
/// `line 12: the value is no number`; what was visited before it should be thrown away.
[[nodiscard]] Result<void> read_exposition(std::string_view text, ExpositionFormat format,
                                           ExpositionVisitor& visitor,
                                           ExpositionLimits const& limits = {});

}  // namespace muster
