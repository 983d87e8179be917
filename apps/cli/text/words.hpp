#pragma once

#include <optional>
#include <string>

#include <muster/base/time.hpp>
#include <muster/domain/overlay.hpp>

namespace muster {

/// `12s ago`, `5m ago`, `3h ago`, `2d ago`: the largest unit of which there is at least one, cut;
/// `now` under a second and for what lies ahead (two clocks differ a little). Nothing: `never`.
[[nodiscard]] std::string age_words(std::optional<WallTime> then, WallTime now);

/// `3.3 ms` under ten milliseconds unless whole, `1530 ms` above. Nothing: `-`.
[[nodiscard]] std::string millis_words(std::optional<double> milliseconds);
[[nodiscard]] std::string millis_words(std::optional<Millis> time);

/// `99.98%`: two decimals at most. What is not quite all is never written as 100%, nor what is not
/// quite nothing as 0%.
[[nodiscard]] std::string percent_words(double percent);

/// `flapping, maintenance`; empty: none.
[[nodiscard]] std::string overlay_words(Overlays overlays);

/// `1 service`, `3 services`.
[[nodiscard]] std::string counted(std::uint64_t count, std::string const& word);

/// `-` for nothing.
[[nodiscard]] std::string or_dash(std::string text);

}  // namespace muster
