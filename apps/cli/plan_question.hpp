#pragma once

#include <optional>
#include <string>

#include <muster/base/result.hpp>
#include <muster/config/model.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// What `muster config plan` asks, and whom.
struct PlanQuestion {
    Url url;            ///< http; behind the path of the hub's own URL.
    std::string token;  ///< Empty: none is sent.
};

/// `hub` and `token` are what the command line gives; else `fallback` says it, which is MUSTER_URL
/// and MUSTER_TOKEN. Errors: invalid (no URL, or one with user and password; no token);
/// unsupported: https.
[[nodiscard]] Result<PlanQuestion> plan_question(std::optional<std::string> const& hub,
                                                 std::optional<std::string> const& token,
                                                 config::Configuration const& fallback);

}  // namespace muster
