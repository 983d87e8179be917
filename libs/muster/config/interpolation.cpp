#include <muster/config/interpolation.hpp>

#include <algorithm>

#include <muster/base/utf8.hpp>

namespace muster::config {
namespace {

bool is_variable_name(std::string_view name) noexcept {
    auto const letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The value of what stands between the braces.
Result<std::string> value_of(std::string_view inside, Environment const& environment) {
    auto const split = inside.find(":-");
    auto const name = inside.substr(0, split);
    if (!is_variable_name(name)) {
        return failure(Errc::invalid,
                       "'${" + clean_text(inside, 64) +
                           "}' names no variable: write ${NAME} or ${NAME:-default}");
    }
    auto const found = environment.find(name);
    bool const has_default = split != std::string_view::npos;
    if (found == environment.end() || (has_default && found->second.empty())) {
        if (has_default) {
            return std::string(inside.substr(split + 2));
        }
        return failure(Errc::invalid, "${" + std::string(name) +
                                          "} is not set: set it or write ${" + std::string(name) +
                                          ":-default}");
    }
    return found->second;
}

}  // namespace

Result<std::string> fill_in(std::string_view text, Environment const& environment) {
    std::string out;
    while (true) {
        auto const dollar = text.find('$');
        out += text.substr(0, dollar);
        if (dollar == std::string_view::npos) {
            return out;
        }
        text.remove_prefix(dollar);
        if (text.substr(0, 3) == "$${") {
            out += "${";
            text.remove_prefix(3);
        } else if (text.substr(0, 2) == "${") {
            auto const close = text.find('}');
            if (close == std::string_view::npos) {
                return failure(Errc::invalid, "'" + clean_text(text, 64) + "' lacks its '}'");
            }
            auto value = value_of(text.substr(2, close - 2), environment);
            if (!value) {
                return value;
            }
            out += *value;
            text.remove_prefix(close + 1);
        } else {
            out += '$';
            text.remove_prefix(1);
        }
    }
}

}  // namespace muster::config
