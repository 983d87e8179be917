#pragma once

#include <string>

#include <muster/api/router.hpp>

namespace muster {

/// The description of this API: `openapi.json` beside this header, OpenAPI 3.1.
[[nodiscard]] std::string openapi_document();

/// Adds GET /api/openapi.json: the document as it is, without an envelope.
void add_openapi(Router& router);

}  // namespace muster
