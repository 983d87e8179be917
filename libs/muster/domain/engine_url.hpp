#pragma once

// What the URLs of engines (database, bus) have in common. Private to this library.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

inline constexpr std::size_t kLongestEngineUrl = 4'000;  ///< Bytes.
inline constexpr std::string_view kMaskForASecret = "has *** where the secret itself belongs";
inline constexpr std::string_view kLoosePercent =
    "has a '%' in user or password without two hexadecimal digits behind it (a plain '%' is %25)";

/// `scheme`: all that is shown of a URL that cannot be read, for any part of it may be the secret;
/// empty: it has none that is known.
[[nodiscard]] tl::unexpected<Error> refuse_engine_url(std::string_view scheme,
                                                      std::string_view fault,
                                                      std::string_view example);

/// RFC 3986 section 2.1. Nothing: a `%` without two hexadecimal digits behind it, or a NUL.
[[nodiscard]] std::optional<std::string> decoded_percents(std::string_view text);

}  // namespace muster
