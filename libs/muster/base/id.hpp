#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace muster {

/// A number that names one thing of one kind: ids of different kinds do not mix.
/// Given once by the hub, positive, below 2^53 (exact in JSON), never reused; 0 is "none yet".
template <class Tag>
struct Id {
    std::int64_t value{0};

    [[nodiscard]] constexpr bool valid() const noexcept { return value > 0; }
    auto operator<=>(Id const&) const = default;
};

using ProjectId = Id<struct ProjectTag>;
using ServiceId = Id<struct ServiceTag>;
using MaintenanceId = Id<struct MaintenanceTag>;

}  // namespace muster

/// @cond
template <class Tag>
struct std::hash<muster::Id<Tag>> {
    std::size_t operator()(muster::Id<Tag> id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
/// @endcond
