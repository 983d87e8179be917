#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/config/model.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// What the command line says of the hub that is asked; what it leaves out the environment says.
struct HubChoice {
    std::optional<std::string> hub;         ///< `--hub`; nothing: MUSTER_URL.
    std::optional<std::string> token;       ///< `--token`; nothing: MUSTER_TOKEN.
    std::optional<std::string> token_file;  ///< `--token-file`, which holds it; goes before both.
    Millis timeout{10'000};                 ///< Of one whole call.
};

/// Whom to ask, and as whom.
struct HubAddress {
    Url url;            ///< http; its path comes before that of every call.
    std::string token;  ///< Sent as Bearer; empty: none is sent. Secret.
    Millis timeout{10'000};
};

/// `token_text`: what the token file holds, where one was named; line ends around it do not count.
/// Errors: invalid (no URL, or one with user and password; no token); unsupported: https.
[[nodiscard]] Result<HubAddress> hub_address(HubChoice const& choice,
                                             std::optional<std::string> const& token_text,
                                             config::Configuration const& fallback);

/// `/api/events?limit=5&type=launch`: values are percent-encoded (RFC 3986 section 2.1), empty ones
/// left out.
[[nodiscard]] std::string call_path(
    std::string_view path, std::vector<std::pair<std::string_view, std::string>> const& query);

/// Text as one segment of a path: `shop/app` is `shop%2Fapp`.
[[nodiscard]] std::string path_segment(std::string_view text);

}  // namespace muster
