#pragma once

#include <muster/ports/zone_rules.hpp>

namespace muster {

/// The time zones that this machine knows (Debian's tzdata).
class SystemZoneRules final : public ZoneRules {
public:
    [[nodiscard]] Result<ZoneOffsets> offsets(std::string const& zone, WallTime from,
                                              WallTime until) override;
};

}  // namespace muster
