#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <muster/api/message.hpp>
#include <muster/api/router.hpp>

namespace muster {

/// One file of the pages. Views into memory of the program's life.
struct Asset {
    std::string_view path;  ///< As asked for: `/`, `/ui/app.js`.
    std::string_view content_type;
    std::string_view body;
    std::string_view etag;  ///< In quotes: `"3f2a"`.
};

/// Serves the pages: GET and HEAD of the given paths, `…/` also as `…/index.html`, If-None-Match,
/// and headers that let a page run only what came from here.
class Assets {
public:
    explicit Assets(std::span<Asset const> assets);

    /// Nothing where no such asset is.
    [[nodiscard]] std::optional<Response> find(Request const& request, WallTime now) const;

private:
    struct Entry {
        Asset asset;
        SharedText body;
    };

    [[nodiscard]] Entry const* entry(std::string const& path) const;

    std::map<std::string_view, Entry> entries_;
};

/// Makes them what the router answers with where no route fits.
void add_assets(Router& router, std::span<Asset const> assets);

}  // namespace muster
