#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <muster/domain/record.hpp>

namespace muster {

/// `JOURNAL_ID:SEQ`, as a hub's cursor lies in Redis; empty for one that never moved.
[[nodiscard]] std::string cursor_text(Cursor const& cursor);

/// Nothing for what is none.
[[nodiscard]] std::optional<Cursor> parse_cursor(std::string_view text);

}  // namespace muster
