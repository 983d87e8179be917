#include <muster/importing/surrogates.hpp>

#include <charconv>
#include <cstdint>
#include <optional>

namespace muster::importing {
namespace {

constexpr std::size_t kEscape = 6;  ///< `\uD83D`

/// The code of the escape at the start of the text, if it is a half of a pair.
std::optional<std::uint32_t> half_at(std::string_view text) {
    if (text.size() < kEscape || text.substr(0, 2) != "\\u") {
        return std::nullopt;
    }
    std::uint32_t code = 0;
    auto const* const end = text.data() + kEscape;
    auto const [stopped, error] = std::from_chars(text.data() + 2, end, code, 16);
    bool const is_half = code >= 0xD800 && code <= 0xDFFF;
    return error == std::errc{} && stopped == end && is_half ? std::optional(code) : std::nullopt;
}

void add_character(std::string& out, std::uint32_t high, std::uint32_t low) {
    auto const code = 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00);
    out += static_cast<char>(0xF0U | (code >> 18U));
    out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
}

}  // namespace

std::string without_surrogates(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    while (!json.empty()) {
        auto const slash = json.find('\\');
        out += json.substr(0, slash);
        if (slash == std::string_view::npos) {
            return out;
        }
        json.remove_prefix(slash);
        auto const first = half_at(json);
        if (!first) {
            out += json.substr(0, 2);  // a backslash and what it escapes
            json.remove_prefix(json.size() < 2 ? json.size() : 2);
            continue;
        }
        auto const second = half_at(json.substr(kEscape));
        if (*first < 0xDC00 && second && *second >= 0xDC00) {
            add_character(out, *first, *second);
            json.remove_prefix(2 * kEscape);
        } else {
            out += "\xEF\xBF\xBD";
            json.remove_prefix(kEscape);
        }
    }
    return out;
}

}  // namespace muster::importing
