#include <muster/importing/gatus_text.hpp>

#include <algorithm>
#include <cstddef>

#include <muster/base/ascii.hpp>
#include <muster/importing/variable_names.hpp>

namespace muster::importing {
namespace {

bool starts_name(char character) noexcept {
    return is_letter(character) || character == '_';
}

bool is_in_name(char character) noexcept {
    return starts_name(character) || is_digit(character);
}

bool is_name(std::string_view text) noexcept {
    return !text.empty() && starts_name(text.front()) &&
           std::all_of(text.begin(), text.end(), is_in_name);
}

/// Walks over a text as Go's os.Expand does. `plain(piece)` gets what stands for itself, a dollar
/// as `$`; `variable(name)` what is filled in. What os.Expand takes for a name that no variable of
/// an environment has (`${a-b}`, `$1`) is nothing, as there.
template <class Plain, class Variable>
void expand(std::string_view text, Plain plain, Variable variable) {
    constexpr std::string_view kSpecial = "*#@!?-0123456789";
    while (!text.empty()) {
        auto const dollar = std::min(text.find('$'), text.size());
        plain(text.substr(0, dollar));
        text.remove_prefix(dollar);
        if (text.empty()) {
            return;
        }
        auto const rest = text.substr(1);
        if (rest.substr(0, 1) == "$") {
            plain("$");
            text.remove_prefix(2);
        } else if (rest.substr(0, 1) == "{") {
            auto const close = rest.find('}');
            if (close == std::string_view::npos) {
                text.remove_prefix(2);  // as there: what opens and does not close is dropped
                continue;
            }
            auto const name = rest.substr(1, close - 1);
            if (is_name(name)) {
                variable(name);
            }
            text.remove_prefix(close + 2);
        } else if (!rest.empty() && kSpecial.find(rest.front()) != std::string_view::npos) {
            text.remove_prefix(2);
        } else {
            std::size_t size = 0;
            while (size < rest.size() && is_in_name(rest[size])) {
                ++size;
            }
            if (size == 0) {
                plain("$");
            } else {
                variable(rest.substr(0, size));
            }
            text.remove_prefix(1 + size);
        }
    }
}

}  // namespace

std::string GatusTexts::ours(std::string_view text) {
    std::string out;
    expand(
        text,
        [&out](std::string_view piece) {
            if (!piece.empty() && piece.front() == '{' && !out.empty() && out.back() == '$') {
                out += '$';  // a dollar and a brace that are only that
            }
            out += piece;
        },
        [this, &out](std::string_view name) {
            auto used = std::string(name);
            if (is_ours(used)) {
                used = "IMPORTED_" + used;
                renamed_.insert(std::string(name));
            }
            if (!out.empty() && out.back() == '$') {
                out.pop_back();  // `$${` would be a brace
                dropped_dollar_ = true;
            }
            out += "${" + used + "}";
        });
    return out;
}

std::string GatusTexts::filled_in(std::string_view text) const {
    std::string out;
    expand(
        text, [&out](std::string_view piece) { out += piece; },
        [this, &out](std::string_view name) {
            auto const known = environment_.find(name);
            out += known == environment_.end() ? "${" + std::string(name) + "}" : known->second;
        });
    return out;
}

}  // namespace muster::importing
