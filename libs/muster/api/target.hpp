#pragma once

#include <string_view>

#include <muster/api/message.hpp>
#include <muster/base/result.hpp>

namespace muster {

/// Takes the target of a request line apart (RFC 9112 section 3.2: `/path?query`, or the absolute
/// form, whose scheme and authority are dropped) and decodes it: `%XX` everywhere, `+` is a space
/// in the query only. `*` is the path `*` (of OPTIONS). Errors: Errc::invalid, saying what is
/// wrong: a path that starts with no slash, a broken escape, or what decodes to control characters
/// or is no UTF-8.
[[nodiscard]] Result<Target> parse_target(std::string_view raw);

}  // namespace muster
