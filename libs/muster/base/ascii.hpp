#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muster {

// The classes of RFC 5234 appendix B.1 and what goes with them: of ASCII alone, whatever the
// locale.

[[nodiscard]] constexpr bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

[[nodiscard]] constexpr bool is_letter(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

[[nodiscard]] constexpr bool is_alphanumeric(char character) noexcept {
    return is_digit(character) || is_letter(character);
}

[[nodiscard]] constexpr char to_lower(char character) noexcept {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
}

[[nodiscard]] inline std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    for (auto& character : lower) {
        character = to_lower(character);
    }
    return lower;
}

[[nodiscard]] constexpr bool equal_ignoring_case(std::string_view left,
                                                 std::string_view right) noexcept {
    if (left.size() != right.size()) {
        return false;
    }
    for (std::size_t index = 0; index < left.size(); ++index) {
        if (to_lower(left[index]) != to_lower(right[index])) {
            return false;
        }
    }
    return true;
}

/// Without the blanks and line ends at either end.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view kBlanks = " \t\r\n";
    auto const first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace muster
