#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/text_pattern.hpp>

namespace muster {

/// What must hold for one label of a series. A label that a series does not have is empty, as in
/// Prometheus.
struct LabelMatcher {
    enum class Kind : std::uint8_t { equal, not_equal, matches, matches_not };

    std::string label;
    Kind kind{Kind::equal};
    std::string value;                   ///< Of equal and not_equal.
    std::optional<TextPattern> pattern;  ///< Of matches and matches_not.

    [[nodiscard]] bool accepts(std::string_view label_value) const;
    bool operator==(LabelMatcher const&) const = default;
};

/// The series of this name for which every matcher holds.
struct SeriesSelector {
    std::string name;
    std::vector<LabelMatcher> matchers;

    bool operator==(SeriesSelector const&) const = default;
};

/// One number that an expression takes from the series of a selector; 0 where there are none.
struct MetricsReading {
    enum class Kind : std::uint8_t {
        sum,
        max,
        min,
        growth,  ///< By how much they grew, as counters, since the collection before.
    };

    SeriesSelector series;
    Kind kind{Kind::sum};

    bool operator==(MetricsReading const&) const = default;
};

/// An expression of `metricsMap`, ready to be worked out: the readings it needs, and steps over a
/// stack of numbers. The grammar is in docs/metrics.md.
struct MetricsExpression {
    enum class Op : std::uint8_t {
        constant,
        reading,
        add,
        subtract,
        multiply,
        divide,      ///< By 0 gives 0.
        per_second,  ///< What grew, divided by the seconds since the collection before.
    };
    struct Step {
        Op op{Op::constant};
        double constant{0};
        std::uint32_t reading{0};  ///< Index into `readings`.

        bool operator==(Step const&) const = default;
    };

    std::vector<MetricsReading> readings;
    std::vector<Step> steps;  ///< From an empty stack to one number.

    bool operator==(MetricsExpression const&) const = default;
};

/// Limits of one expression.
inline constexpr std::size_t kMaxExpressionBytes = 1000;
inline constexpr std::size_t kMaxExpressionReadings = 16;
inline constexpr std::size_t kMaxExpressionDepth = 20;

/// Reads `rate(http_requests_total{code=~"5.."}) * 100`. Errors: invalid, with the place (in bytes,
/// from 1) and what would be right: `column 5: 'rat' is no function: …`.
[[nodiscard]] Result<MetricsExpression> parse_metrics_expression(std::string_view text);

/// Works it out: `readings` in the order of the expression's, `seconds` since the collection
/// before (0: there was none). A result that is no finite number is 0.
[[nodiscard]] double evaluate(MetricsExpression const& expression, std::span<double const> readings,
                              double seconds);

}  // namespace muster
