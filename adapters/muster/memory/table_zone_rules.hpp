#pragma once

#include <map>
#include <string>
#include <utility>

#include <muster/ports/zone_rules.hpp>

namespace muster {

/// The time zones that it is told of; UTC is known already.
class TableZoneRules final : public ZoneRules {
public:
    void put(std::string zone, ZoneOffsets offsets) {
        zones_.insert_or_assign(std::move(zone), std::move(offsets));
    }

    [[nodiscard]] Result<ZoneOffsets> offsets(std::string const& zone, WallTime /*from*/,
                                              WallTime /*until*/) override {
        auto const found = zones_.find(zone);
        if (found == zones_.end()) {
            return failure(Errc::not_found, "unknown time zone '" + zone + "'");
        }
        return found->second;
    }

private:
    std::map<std::string, ZoneOffsets> zones_{{"UTC", ZoneOffsets{}}};
};

}  // namespace muster
