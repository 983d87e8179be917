#pragma once

#include <string>
#include <string_view>

#include <muster/domain/outcome.hpp>

namespace muster {

/// What the body of a health answer says of its service, and what is worth noting about it.
struct BodyOpinion {
    BodyWord word{BodyWord::none};
    std::string note;  ///< Empty, or one plain line: `body is not readable JSON`.

    bool operator==(BodyOpinion const&) const = default;
};

/// Reads the `status` word and `isRunning` of a JSON object, its own keys only (contract,
/// section 2). `warn`, `warning`, `degraded` degrade; `down`, `fail`, `failed`, `error`,
/// `critical`, `unhealthy`, `out_of_service` and `"isRunning":false` mean down; case does not
/// matter, and of several the worst counts. Anything else is no opinion. A body that cannot be read
/// as JSON, or is nested deeper than 64 levels, is no opinion and is noted; an empty one is not
/// even noted. So hand over only what claims to be JSON. Never throws; time and memory linear in
/// the body's size.
[[nodiscard]] BodyOpinion judge_health_body(std::string_view body);

}  // namespace muster
