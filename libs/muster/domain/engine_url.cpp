#include <muster/domain/engine_url.hpp>

#include <muster/base/ascii.hpp>

namespace muster {
namespace {

std::optional<int> value_of_digit(char digit) noexcept {
    if (is_digit(digit)) {
        return digit - '0';
    }
    char const lower = to_lower(digit);
    return lower >= 'a' && lower <= 'f' ? std::optional(lower - 'a' + 10) : std::nullopt;
}

}  // namespace

tl::unexpected<Error> refuse_engine_url(std::string_view scheme, std::string_view fault,
                                        std::string_view example) {
    return failure(Errc::invalid, std::string(scheme.empty() ? "what is given" : scheme) + " " +
                                      std::string(fault) + ": " + std::string(example));
}

std::optional<std::string> decoded_percents(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        bool const whole = at + 2 < text.size();
        auto const high = whole ? value_of_digit(text[at + 1]) : std::nullopt;
        auto const low = whole ? value_of_digit(text[at + 2]) : std::nullopt;
        if (!high || !low || (*high == 0 && *low == 0)) {
            return std::nullopt;
        }
        out += static_cast<char>(*high * 16 + *low);
        at += 2;
    }
    return out;
}

}  // namespace muster
