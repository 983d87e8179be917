#include <muster/domain/secret_names.hpp>

#include <algorithm>
#include <array>
#include <optional>

#include <muster/base/ascii.hpp>

namespace muster {
namespace {

constexpr std::array<std::string_view, 11> kWithin{"token",     "secret",  "passw", "pwd",
                                                   "auth",      "cred",    "jwt",   "cookie",
                                                   "signature", "session", "apikey"};
constexpr std::array<std::string_view, 5> kAtEnd{"key", "sig", "pass", "pin", "code"};

constexpr bool equal_letters(char left, char right) noexcept {
    return to_lower(left) == right;
}

bool holds(std::string_view name, std::string_view word) noexcept {
    return std::search(name.begin(), name.end(), word.begin(), word.end(), equal_letters) !=
           name.end();
}

/// `name=value` whose name says that the value is secret. What follows the `=`, else nothing.
std::optional<std::string_view> secret_of(std::string_view parameter) noexcept {
    auto const equals = parameter.find('=');
    if (equals == std::string_view::npos || !names_a_secret(parameter.substr(0, equals))) {
        return std::nullopt;
    }
    return parameter.substr(equals + 1);
}

bool ends_with(std::string_view name, std::string_view word) noexcept {
    return name.size() >= word.size() &&
           std::equal(word.rbegin(), word.rend(), name.rbegin(),
                      [](char right, char left) { return equal_letters(left, right); });
}

}  // namespace

bool names_a_secret(std::string_view name) noexcept {
    return std::any_of(kWithin.begin(), kWithin.end(),
                       [name](std::string_view word) { return holds(name, word); }) ||
           std::any_of(kAtEnd.begin(), kAtEnd.end(),
                       [name](std::string_view word) { return ends_with(name, word); });
}

std::string without_secrets(std::string_view target) {
    auto const query = std::min(target.find('?'), target.size());
    std::string shown(target.substr(0, query));
    auto rest = target.substr(query);
    while (!rest.empty()) {
        shown += rest.front();  // the `?` or `&` before a parameter
        rest.remove_prefix(1);
        auto const parameter = rest.substr(0, rest.find('&'));
        auto const secret = secret_of(parameter);
        shown += parameter.substr(0, parameter.size() - secret.value_or("").size());
        shown += secret ? kSecretMask : std::string_view();
        rest.remove_prefix(parameter.size());
    }
    return shown;
}

bool has_masked_secret(std::string_view target) {
    auto rest = target.substr(std::min(target.find('?'), target.size()));
    while (!rest.empty()) {
        rest.remove_prefix(1);  // the `?` or `&` before a parameter
        auto const parameter = rest.substr(0, rest.find('&'));
        if (secret_of(parameter) == kSecretMask) {
            return true;
        }
        rest.remove_prefix(parameter.size());
    }
    return false;
}

}  // namespace muster
