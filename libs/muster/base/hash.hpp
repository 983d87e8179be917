#pragma once

#include <cstdint>
#include <string_view>

namespace muster {

/// FNV-1a, 64 bit (Fowler, Noll, Vo; draft-eastlake-fnv), finished with the mixer of SplitMix64 so
/// that all bits of short inputs spread. The same on every machine and in every version: phases and
/// shards are stable because this never changes. Not for hostile input.
[[nodiscard]] constexpr std::uint64_t stable_hash(std::string_view text) noexcept {
    std::uint64_t hash = 14695981039346656037ULL;
    for (char const character : text) {
        hash ^= static_cast<unsigned char>(character);
        hash *= 1099511628211ULL;
    }
    hash ^= hash >> 30U;
    hash *= 0xbf58476d1ce4e5b9ULL;
    hash ^= hash >> 27U;
    hash *= 0x94d049bb133111ebULL;
    hash ^= hash >> 31U;
    return hash;
}

}  // namespace muster
