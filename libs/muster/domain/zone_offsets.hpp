#pragma once

#include <vector>

#include <muster/base/time.hpp>

namespace muster {

/// From a moment on, the clocks of a zone show UTC + `offset`.
struct ZoneOffset {
    WallTime from{};
    Millis offset{0};

    bool operator==(ZoneOffset const&) const = default;
};

/// What the clocks of a time zone show over some span of time. A value; made by ports/zone_rules.
class ZoneOffsets {
public:
    /// UTC, for ever.
    ZoneOffsets() : offsets_{ZoneOffset{}} {}
    /// By time; the first holds before its moment too, the last for ever. None: UTC.
    explicit ZoneOffsets(std::vector<ZoneOffset> offsets);

    [[nodiscard]] Millis at(WallTime time) const noexcept;

    struct Moments {
        WallTime first{};
        WallTime last{};

        bool operator==(Moments const&) const = default;
    };

    /// When the clocks show `local` (since 1970-01-01 00:00 of their own): once, or for the first
    /// and the last time where they are turned back over it. Where they are turned ahead over it
    /// they never do: both are the moment of the jump.
    [[nodiscard]] Moments moments_of(Millis local) const noexcept;

    bool operator==(ZoneOffsets const&) const = default;

private:
    std::vector<ZoneOffset> offsets_;
};

}  // namespace muster
