#pragma once

#include <string_view>

#include <muster/api/router.hpp>

namespace muster {

/// The description of this API: `openapi.json` beside this header, OpenAPI 3.1. Of the program's
/// life.
[[nodiscard]] std::string_view openapi_document() noexcept;

/// Adds GET /api/openapi.json: the document as it is, without an envelope.
void add_openapi(Router& router);

}  // namespace muster
