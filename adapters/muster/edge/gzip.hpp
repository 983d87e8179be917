#pragma once

#include <string>

#include <muster/api/message.hpp>
#include <muster/base/result.hpp>

namespace muster {

/// A body in the gzip format (RFC 1952), pieces in their order. Blocks: long ones take their time.
/// Errors: full (no memory).
[[nodiscard]] Result<std::string> gzip(Body const& body);

}  // namespace muster
