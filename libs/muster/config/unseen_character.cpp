#include <muster/config/unseen_character.hpp>

namespace muster::config {

std::optional<UnseenCharacter> find_unseen_character(std::string_view text,
                                                     std::size_t from) noexcept {
    constexpr std::string_view kFirstBytes = "\xC2\xE2\xEF";
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    auto const continues = [&](std::size_t at) {
        return at < text.size() && (byte(at) & 0xC0U) == 0x80U;
    };
    for (auto at = text.find_first_of(kFirstBytes, from); at != std::string_view::npos;
         at = text.find_first_of(kFirstBytes, at + 1)) {
        if (!continues(at + 1)) {
            continue;
        }
        if (byte(at) == 0xC2) {
            if (byte(at + 1) < 0xA0) {
                return UnseenCharacter{at, 2, byte(at + 1)};
            }
            continue;
        }
        if (!continues(at + 2)) {
            continue;
        }
        auto const code =
            ((byte(at) & 0x0FU) << 12U) | ((byte(at + 1) & 0x3FU) << 6U) | (byte(at + 2) & 0x3FU);
        if (code == 0x2028 || code == 0x2029 || code == 0xFEFF || code >= 0xFFFE) {
            return UnseenCharacter{at, 3, code};
        }
    }
    return std::nullopt;
}

}  // namespace muster::config
