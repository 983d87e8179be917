#include <muster/base/utf8.hpp>

#include <algorithm>
#include <cstdint>

namespace muster {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Sequence {
    std::size_t length{1};  ///< Bytes it takes; of an ill-formed one its maximal subpart.
    bool valid{false};
};

struct Bounds {
    std::size_t continuation{0};  ///< Bytes that follow the first; 0: no sequence starts so.
    unsigned char low{0x80};      ///< Of the second byte.
    unsigned char high{0xBF};
};

/// Table 3-7: which first byte allows what to follow.
Bounds bounds_of(unsigned char first) noexcept {
    if (first >= 0xC2 && first <= 0xDF) {
        return {1, 0x80, 0xBF};
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return {2, static_cast<unsigned char>(first == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(first == 0xED ? 0x9F : 0xBF)};
    }
    if (first >= 0xF0 && first <= 0xF4) {
        return {3, static_cast<unsigned char>(first == 0xF0 ? 0x90 : 0x80),
                static_cast<unsigned char>(first == 0xF4 ? 0x8F : 0xBF)};
    }
    return {};
}

/// `text` is not empty.
Sequence sequence_at_start(std::string_view text) noexcept {
    auto const first = static_cast<unsigned char>(text.front());
    if (first < 0x80) {
        return {1, true};
    }
    auto bounds = bounds_of(first);
    if (bounds.continuation == 0) {
        return {1, false};
    }
    for (std::size_t index = 1; index <= bounds.continuation; ++index) {
        if (index == text.size()) {
            return {index, false};
        }
        auto const byte = static_cast<unsigned char>(text[index]);
        if (byte < bounds.low || byte > bounds.high) {
            return {index, false};
        }
        bounds.low = 0x80;
        bounds.high = 0xBF;
    }
    return {bounds.continuation + 1, true};
}

/// C0 but NUL, DEL and C1 (which UTF-8 spells 0xC2 0x80..0x9F).
bool is_control(std::string_view character) noexcept {
    auto const first = static_cast<unsigned char>(character.front());
    if (character.size() == 1) {
        return first < 0x20 || first == 0x7F;
    }
    return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

std::string_view shown_as(std::string_view character, bool valid) noexcept {
    if (!valid || character.front() == '\0') {
        return kReplacement;
    }
    return is_control(character) ? std::string_view(" ") : character;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        auto const sequence = sequence_at_start(text);
        if (!sequence.valid) {
            return false;
        }
        text.remove_prefix(sequence.length);
    }
    return true;
}

std::string clean_text(std::string_view text, std::size_t max_bytes) {
    std::string out;
    out.reserve(std::min(text.size(), max_bytes));
    while (!text.empty()) {
        auto const sequence = sequence_at_start(text);
        auto const shown = shown_as(text.substr(0, sequence.length), sequence.valid);
        if (out.size() + shown.size() > max_bytes) {
            break;
        }
        out += shown;
        text.remove_prefix(sequence.length);
    }
    return out;
}

}  // namespace muster
