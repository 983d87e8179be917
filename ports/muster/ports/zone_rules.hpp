#pragma once

#include <string>

#include <muster/base/result.hpp>
#include <muster/domain/zone_offsets.hpp>

namespace muster {

/// The rules of time zones. One thread at a time; may read a small local file, once a zone.
class ZoneRules {
public:
    virtual ~ZoneRules() = default;

    /// What the clocks of a zone (IANA name: `Europe/Berlin`, `UTC`) show from `from` to `until`.
    /// Errors: not_found, naming the zone: there is none of this name, or its rules are missing.
    [[nodiscard]] virtual Result<ZoneOffsets> offsets(std::string const& zone, WallTime from,
                                                      WallTime until) = 0;
};

}  // namespace muster
