#pragma once

#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/domain/planned_change.hpp>

namespace muster {

/// `{"added":[{"kind","name"}],"changed":[{…,"fields":[…]}],"renamed":[{…,"formerly":…}],
/// "removed":[…],"warnings":[…],"settings":[…],"needsRestart":[…]}`
void append_reload_report(std::string& out, ReloadReport const& report);

/// Reads the whole answer of POST /api/reload or GET /api/config/plan, in its envelope. Errors:
/// invalid (the hub refused; the message is the hub's), corrupt (that is no answer of a hub).
[[nodiscard]] Result<ReloadReport> read_reload_answer(std::string_view text);

}  // namespace muster
