#pragma once

#include <optional>
#include <string>
#include <vector>

namespace muster::bench {

/// What a row must keep to.
struct Budget {
    enum class Kind : unsigned char {
        ratio_at_most,  ///< Of ours to the floor or peer.
        ratio_at_least,
        at_most,  ///< Of ours, in the row's unit.
        at_least,
    };

    Kind kind{Kind::at_most};
    double value{0};
};

[[nodiscard]] constexpr Budget ratio_at_most(double value) {
    return {Budget::Kind::ratio_at_most, value};
}
[[nodiscard]] constexpr Budget ratio_at_least(double value) {
    return {Budget::Kind::ratio_at_least, value};
}
[[nodiscard]] constexpr Budget at_most(double value) {
    return {Budget::Kind::at_most, value};
}
[[nodiscard]] constexpr Budget at_least(double value) {
    return {Budget::Kind::at_least, value};
}

/// What was measured, ours and the floor or peer beside it. Values are by rounds; the same place
/// is the same round, so that a ratio is made of what was measured one after the other.
struct Row {
    std::string name;
    std::string unit;
    std::vector<double> ours{};
    std::string floor_name{};     ///< Empty: there is none.
    std::vector<double> floor{};  ///< As many as `ours`.
    std::optional<Budget> budget{};
    std::vector<double> cpu_micros{};  ///< Ours, user and system, an operation.
    std::vector<double> rate{};        ///< Ours, operations a second.
    std::string note{};                ///< What else was seen, in a few words.
};

[[nodiscard]] double median(std::vector<double> values);

/// The value that a share (0-1) of them is at most, by the nearest rank; 0 of none. Sorts.
[[nodiscard]] double share_of(std::vector<double>& values, double share);

/// One JSON object, without a line's end: `name`, `unit`, `ours` and `floor` and `ratio` and
/// `cpuMicros` and `ratePerSecond` (each `median`, `min`, `max`, or null; `floor` with its `name`),
/// `rounds`, `budget` (`kind`, `value`, or null), `met` (null without a budget), `note`.
[[nodiscard]] std::string to_json(Row const& row);

}  // namespace muster::bench
