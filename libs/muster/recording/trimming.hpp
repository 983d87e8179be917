#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>

namespace muster {

/// Up to which record (inclusive) a journal may be forgotten: what the newest durable checkpoint
/// and every follower have passed. One that does not know yet where it stands holds everything.
[[nodiscard]] constexpr std::uint64_t forgettable(
    std::uint64_t checkpoint_seq,
    std::initializer_list<std::optional<std::uint64_t>> followers) noexcept {
    auto seq = checkpoint_seq;
    for (auto const& position : followers) {
        seq = std::min(seq, position.value_or(0));
    }
    return seq;
}

}  // namespace muster
