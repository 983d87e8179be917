#include <muster/api/assets.hpp>

#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/etag.hpp>

namespace muster {
namespace {

constexpr std::string_view kPageHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cache-Control: no-cache\r\n";

}  // namespace

Assets::Assets(std::span<Asset const> assets) {
    for (auto const& asset : assets) {
        entries_.insert_or_assign(asset.path,
                                  Entry{asset, std::make_shared<std::string const>(asset.body)});
    }
}

std::optional<Response> Assets::find(Request const& request, WallTime now) const {
    auto const* const found = entry(request.target.path);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (request.method != Method::get && request.method != Method::head) {
        auto response = refuse(405, "Only GET, HEAD can be done here", now);
        response.add_header("Allow", "GET, HEAD");
        return response;
    }
    Response response;
    response.headers = kPageHeaders;
    response.add_header("ETag", found->asset.etag);
    response.content_type = found->asset.content_type;
    if (names_etag(request.if_none_match, found->asset.etag)) {
        response.status = 304;
        return response;
    }
    response.body.shared = found->body;
    response.lasting = true;
    return response;
}

Assets::Entry const* Assets::entry(std::string const& path) const {
    auto found = entries_.find(path);
    if (found == entries_.end() && path.ends_with('/')) {
        found = entries_.find(path + "index.html");
    }
    return found != entries_.end() ? &found->second : nullptr;
}

void add_assets(Router& router, std::span<Asset const> assets) {
    router.set_fallback([&router, pages = Assets(assets)](Request const& request) {
        return pages.find(request, router.now());
    });
}

}  // namespace muster
