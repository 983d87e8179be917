#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// Where a client of a numbered feed stands: it has every frame up to `seq` of this numbering.
struct LivePosition {
    std::uint64_t epoch{0};  ///< Which numbering: another one after every start of the hub.
    std::uint64_t seq{0};    ///< Of the last frame; the first is 1.

    bool operator==(LivePosition const&) const = default;
};

/// `1700000000000:42`
[[nodiscard]] std::string to_text(LivePosition position);

/// Nothing where a text is anything else.
[[nodiscard]] std::optional<LivePosition> parse_live_position(std::string_view text) noexcept;

}  // namespace muster
