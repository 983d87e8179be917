#pragma once

#include <span>
#include <string_view>

namespace muster::dashboard {

/// A file of the page, as it is compiled in. All views live as long as the program.
struct Asset {
    std::string_view path;          ///< `/` for the page itself, `/ui/app.js` for the rest
    std::string_view content_type;  ///< value of the header Content-Type
    std::string_view body;
    std::string_view etag;  ///< value of the header ETag, quotes included; changes with the body
};

/// Every file of the page, by path. Serve them with `Cache-Control: no-cache`: names stay the same
/// from version to version, so browsers have to ask. The page lives with a Content-Security-Policy
/// that allows nothing inline and nothing from elsewhere.
[[nodiscard]] std::span<Asset const> dashboard_assets();

}  // namespace muster::dashboard
