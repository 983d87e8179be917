#include <muster/importing/wildcards.hpp>

#include <cstddef>

namespace muster::importing {
namespace {

void add_literal(std::string& expression, char character) {
    constexpr std::string_view kSpecial = R"(\.+*?()|[]{}^$-)";
    if (kSpecial.find(character) != std::string_view::npos) {
        expression += '\\';
    }
    expression += character;
}

/// Takes `[...]`, whose bracket was taken already. False: it has no end.
bool take_set(std::string_view& rest, std::string& expression) {
    expression += '[';
    if (!rest.empty() && rest.front() == '^') {
        expression += '^';
        rest.remove_prefix(1);
    }
    bool empty = true;
    while (!rest.empty() && (rest.front() != ']' || empty)) {
        auto character = rest.front();
        rest.remove_prefix(1);
        empty = false;
        if (character == '-') {
            expression += '-';
            continue;
        }
        if (character == '\\') {
            if (rest.empty()) {
                return false;
            }
            character = rest.front();
            rest.remove_prefix(1);
        }
        add_literal(expression, character);
    }
    if (rest.empty()) {
        return false;
    }
    rest.remove_prefix(1);
    expression += ']';
    return true;
}

/// `*text*` without other wildcards: the text.
std::optional<std::string_view> text_inside(std::string_view pattern) {
    if (pattern.size() < 3 || pattern.front() != '*' || pattern.back() != '*') {
        return std::nullopt;
    }
    auto const inside = pattern.substr(1, pattern.size() - 2);
    return inside.find_first_of("*?[\\") == std::string_view::npos ? std::optional(inside)
                                                                   : std::nullopt;
}

}  // namespace

std::optional<WildcardTest> read_wildcards(std::string_view pattern) {
    if (pattern.find_first_not_of('*') == std::string_view::npos && !pattern.empty()) {
        return WildcardTest{};
    }
    if (auto const inside = text_inside(pattern)) {
        return WildcardTest{std::string(*inside), ""};
    }
    std::string expression = "(?s)^";
    while (!pattern.empty()) {
        auto const character = pattern.front();
        pattern.remove_prefix(1);
        if (character == '*') {
            expression += ".*";
        } else if (character == '?') {
            expression += '.';
        } else if (character == '[') {
            if (!take_set(pattern, expression)) {
                return std::nullopt;
            }
        } else if (character == '\\') {
            if (pattern.empty()) {
                return std::nullopt;
            }
            add_literal(expression, pattern.front());
            pattern.remove_prefix(1);
        } else {
            add_literal(expression, character);
        }
    }
    return WildcardTest{"", expression + "$"};
}

std::string exactly(std::string_view text) {
    std::string expression = "^";
    for (char const character : text) {
        add_literal(expression, character);
    }
    return expression + "$";
}

}  // namespace muster::importing
