#pragma once

#include <cstdint>
#include <optional>

#include <muster/base/enum_names.hpp>

namespace muster {

/// What a service carries beside its status, never mixed with it (contract, section 2).
/// Stored values: do not renumber.
enum class Overlay : std::uint8_t {
    flapping = 0,     ///< Its status changes too often.
    unreachable = 1,  ///< A required dependency is down.
    maintenance = 2,  ///< A maintenance window covers it.
};

constexpr EnumNames<Overlay, 3> enum_names(Overlay) {
    return {{{Overlay::flapping, "flapping"},
             {Overlay::unreachable, "unreachable"},
             {Overlay::maintenance, "maintenance"}}};
}

/// A set of overlays. A value.
class Overlays {
public:
    constexpr Overlays() = default;

    [[nodiscard]] constexpr bool has(Overlay overlay) const noexcept {
        return (bits_ & bit(overlay)) != 0;
    }
    constexpr void set(Overlay overlay, bool on) noexcept {
        bits_ = static_cast<std::uint8_t>(on ? bits_ | bit(overlay) : bits_ & ~bit(overlay));
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

    /// All that are in this one or in the other.
    [[nodiscard]] constexpr Overlays with(Overlays other) const noexcept {
        Overlays both;
        both.bits_ = static_cast<std::uint8_t>(bits_ | other.bits_);
        return both;
    }

    /// For storing; a bit that is no overlay's gives nothing.
    [[nodiscard]] constexpr std::uint8_t bits() const noexcept { return bits_; }
    [[nodiscard]] static constexpr std::optional<Overlays> of_bits(std::uint8_t bits) noexcept {
        constexpr unsigned kAll = (1U << enum_names(Overlay{}).size()) - 1;
        if ((bits & ~kAll) != 0) {
            return std::nullopt;
        }
        Overlays overlays;
        overlays.bits_ = bits;
        return overlays;
    }

    bool operator==(Overlays const&) const = default;

private:
    [[nodiscard]] static constexpr unsigned bit(Overlay overlay) noexcept {
        return 1U << static_cast<unsigned>(overlay);
    }

    std::uint8_t bits_{0};
};

}  // namespace muster
