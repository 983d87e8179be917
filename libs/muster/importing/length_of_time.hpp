#pragma once

#include <optional>
#include <string_view>

#include <muster/base/time.hpp>

namespace muster::importing {

/// A length of time as Go and Prometheus write it: numbers with units one after another, `1h30m`,
/// `1.5s`, `2d`; units ns, us, µs, ms, s, m, h, d, w, y. Nothing: it is none, is negative, or
/// longer than 100 years. What is shorter than a millisecond is 0.
[[nodiscard]] std::optional<Millis> length_of_time(std::string_view text);

}  // namespace muster::importing
