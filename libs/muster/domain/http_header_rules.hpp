#pragma once

#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

// What a check may send as a header: the configuration and the prober ask here, so that what one
// takes the other does not refuse. Errors: invalid, naming the header and never showing a value.

/// A token (RFC 9110 section 5.6.2) that is not ours: what frames a message or rules the connection
/// is.
[[nodiscard]] Result<void> check_header_name(std::string_view name);

/// No control character but a tab (RFC 9110 section 5.5), so that none can smuggle in another line.
/// The value of `Host` is a name, or a name and a port.
[[nodiscard]] Result<void> check_header_value(std::string_view name, std::string_view value);

/// Names of headers are equal in any case.
[[nodiscard]] bool same_header_name(std::string_view left, std::string_view right) noexcept;

}  // namespace muster
