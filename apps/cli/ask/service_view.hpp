#pragma once

#include <string>
#include <vector>

#include <muster/codec/hub_answers.hpp>

namespace muster {

/// A table of services, one a line.
[[nodiscard]] std::string services_text(std::vector<AnsweredService> const& services, WallTime now,
                                        bool colour);

/// One service, a fact a line.
[[nodiscard]] std::string service_text(AnsweredService const& service, WallTime now, bool colour);

/// What one check saw, in a line: `shop/app  up  12 ms  HTTP 200`.
[[nodiscard]] std::string probe_line(AnsweredProbe const& probe, bool colour);

/// All that explains a status.
struct Explanation {
    AnsweredService service;
    std::vector<AnsweredEvent> changes;  ///< Its status_changed events, newest first.
    std::vector<AnsweredCheck> checks;   ///< Its last checks, oldest first.
    WallTime at{};                       ///< By the hub's clock.
};

/// Why a service is as it is: the last transition with its reason, the dependency at fault, the
/// overlays with theirs, what the last checks saw.
[[nodiscard]] std::string explanation_text(Explanation const& explanation, bool colour);

/// Its newest change of status that is none of an overlay; null: there is none.
[[nodiscard]] AnsweredEvent const* last_transition(std::vector<AnsweredEvent> const& changes);

}  // namespace muster
