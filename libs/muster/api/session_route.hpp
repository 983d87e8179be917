#pragma once

#include <muster/api/change_guard.hpp>
#include <muster/api/router.hpp>

namespace muster {

/// POST /api/session: who brings the token, as for a change, gets a cookie by which a browser may
/// read for a week (ReadSession); `data` is `{"until":T}`. 409 where reads are open. `guard` must
/// outlive the router.
void add_session_route(Router& router, ChangeGuard const& guard);

}  // namespace muster
