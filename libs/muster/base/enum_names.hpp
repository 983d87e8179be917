#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace muster {

/// One table per enum, read in both directions. Specialise by defining
/// `constexpr std::array<std::pair<E, std::string_view>, N> enum_names(E)` beside the enum
/// (found by argument-dependent lookup).
template <class E, std::size_t N>
using EnumNames = std::array<std::pair<E, std::string_view>, N>;

/// The name of a value; empty for a value that the table does not have.
template <class E>
[[nodiscard]] constexpr std::string_view to_string(E value) noexcept requires requires {
    enum_names(value);
}
{
    for (auto const& entry : enum_names(value)) {
        if (entry.first == value) {
            return entry.second;
        }
    }
    return {};
}

/// The value of a name (exact case), or nothing.
template <class E>
[[nodiscard]] constexpr std::optional<E> parse_enum(std::string_view name) noexcept {
    for (auto const& entry : enum_names(E{})) {
        if (entry.second == name) {
            return entry.first;
        }
    }
    return std::nullopt;
}

}  // namespace muster
