#include <muster/redis/cursor_text.hpp>

#include <charconv>

namespace muster {

std::string cursor_text(Cursor const& cursor) {
    return cursor.journal_id.empty() ? "" : cursor.journal_id + ":" + std::to_string(cursor.seq);
}

std::optional<Cursor> parse_cursor(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return std::nullopt;
    }
    auto const digits = text.substr(colon + 1);
    Cursor cursor{std::string(text.substr(0, colon)), 0};
    auto const [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), cursor.seq);
    bool const whole = error == std::errc() && end == digits.data() + digits.size();
    return whole ? std::optional(std::move(cursor)) : std::nullopt;
}

}  // namespace muster
