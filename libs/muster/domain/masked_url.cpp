#include <muster/domain/masked_url.hpp>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/domain/secret_names.hpp>

namespace muster {
namespace {

/// A parameter of a query, between its `&`s.
struct Parameter {
    std::string_view name;
    std::string_view value;  ///< Behind the `=`.
    bool has_value{false};   ///< There is a `=`.
};

std::vector<Parameter> parameters_of(std::string_view target) {
    std::vector<Parameter> parameters;
    auto rest = target.substr(std::min(target.find('?'), target.size()));
    while (!rest.empty()) {
        rest.remove_prefix(1);  // the `?` or `&` before a parameter
        auto const text = rest.substr(0, rest.find('&'));
        auto const equals = std::min(text.find('='), text.size());
        bool const has_value = equals < text.size();
        parameters.push_back(
            {text.substr(0, equals), text.substr(equals + (has_value ? 1 : 0)), has_value});
        rest.remove_prefix(text.size());
    }
    return parameters;
}

/// What the parameters of a name hold, in their order.
std::vector<std::string_view> values_named(std::vector<Parameter> const& parameters,
                                           std::string_view name) {
    std::vector<std::string_view> values;
    for (auto const& parameter : parameters) {
        if (parameter.name == name && parameter.has_value) {
            values.push_back(parameter.value);
        }
    }
    return values;
}

bool is_masked(Parameter const& parameter) {
    return parameter.has_value && parameter.value == kSecretMask && names_a_secret(parameter.name);
}

/// Path and query with the values of `known` in place of masks.
std::optional<std::string> unmasked_target(std::string_view target, std::string_view known) {
    auto const mine = parameters_of(target);
    auto const theirs = parameters_of(known);
    std::string out(target.substr(0, target.find('?')));
    for (std::size_t index = 0; index < mine.size(); ++index) {
        auto const& parameter = mine[index];
        auto value = parameter.value;
        if (is_masked(parameter)) {
            auto const values = values_named(theirs, parameter.name);
            std::vector<Parameter> const before(mine.begin(),
                                                mine.begin() + static_cast<std::ptrdiff_t>(index));
            auto const place = values_named(before, parameter.name).size();
            if (values.size() != values_named(mine, parameter.name).size()) {
                return std::nullopt;
            }
            value = values[place];
        }
        out += index == 0 ? '?' : '&';
        out += parameter.name;
        out += parameter.has_value ? "=" : "";
        out += value;
    }
    return out;
}

/// `user` and `password` of `user:password`.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view user_info) {
    auto const colon = user_info.find(':');
    if (colon == std::string_view::npos) {
        return {user_info, std::nullopt};
    }
    return {user_info.substr(0, colon), user_info.substr(colon + 1)};
}

/// `***` stands for all of it, `user:***` for the password of that user.
std::optional<std::string> unmasked_user(std::string_view user_info, std::string_view known) {
    auto const [user, password] = split(user_info);
    bool const masks_user = user == kSecretMask;
    bool const masks_password = password == kSecretMask;
    if (!masks_user && !masks_password) {
        return std::string(user_info);
    }
    bool const fits = masks_user ? !password || masks_password : split(known).first == user;
    return fits && !known.empty() ? std::optional(std::string(known)) : std::nullopt;
}

}  // namespace

std::string masked_text(Url const& url) {
    auto text = to_text(url);
    if (!url.user_info.empty()) {
        text.insert(text.find("://") + 3, std::string(kSecretMask) + "@");
    }
    return text;
}

bool has_mask(Url const& url) {
    auto const [user, password] = split(url.user_info);
    return user == kSecretMask || password == kSecretMask || has_masked_secret(url.target);
}

std::optional<Url> unmasked(Url url, Url const& known) {
    auto user_info = unmasked_user(url.user_info, known.user_info);
    auto target = unmasked_target(url.target, known.target);
    if (!user_info || !target) {
        return std::nullopt;
    }
    url.user_info = *std::move(user_info);
    url.target = *std::move(target);
    return url;
}

std::string secret_text(Url const& url) {
    return url.scheme + "://" + (url.user_info.empty() ? "" : url.user_info + "@") +
           host_header(url) + url.target;
}

}  // namespace muster
