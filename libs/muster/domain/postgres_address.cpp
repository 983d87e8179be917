#include <muster/domain/postgres_address.hpp>

#include <algorithm>
#include <optional>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/domain/secret_names.hpp>
#include <muster/domain/url.hpp>

namespace muster {
namespace {

constexpr std::string_view kScheme = "postgresql://";
constexpr std::string_view kShortScheme = "postgres://";
constexpr std::size_t kLongestUrl = 4'000;
constexpr std::string_view kMask = "has *** where the secret itself belongs";
constexpr std::string_view kExample = "write postgresql://USER:PASSWORD@HOST:5432/DATABASE";

/// kScheme, kShortScheme or nothing.
std::string_view scheme_of(std::string_view text) noexcept {
    return text.substr(0, kScheme.size()) == kScheme             ? kScheme
           : text.substr(0, kShortScheme.size()) == kShortScheme ? kShortScheme
                                                                 : std::string_view();
}

/// Of a URL that cannot be read any part may be the secret: the scheme alone is shown.
tl::unexpected<Error> refuse(std::string_view text, std::string_view fault) {
    auto const scheme = scheme_of(text);
    return failure(Errc::invalid, std::string(scheme.empty() ? "what is given" : scheme) + " " +
                                      std::string(fault) + ": " + std::string(kExample));
}

std::optional<int> hex_value(char digit) noexcept {
    if (is_digit(digit)) {
        return digit - '0';
    }
    char const lower = to_lower(digit);
    return lower >= 'a' && lower <= 'f' ? std::optional(lower - 'a' + 10) : std::nullopt;
}

/// Nothing: a `%` without two hexadecimal digits behind it, or a NUL.
std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        bool const whole = at + 2 < text.size();
        auto const high = whole ? hex_value(text[at + 1]) : std::nullopt;
        auto const low = whole ? hex_value(text[at + 2]) : std::nullopt;
        if (!high || !low || (*high == 0 && *low == 0)) {
            return std::nullopt;
        }
        out += static_cast<char>(*high * 16 + *low);
        at += 2;
    }
    return out;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "-._~";
    std::string out;
    for (char const character : text) {
        auto const byte = static_cast<unsigned char>(character);
        if (is_digit(character) || (to_lower(character) >= 'a' && to_lower(character) <= 'z') ||
            kPlain.find(character) != std::string_view::npos) {
            out += character;
        } else {
            out += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
        }
    }
    return out;
}

/// One of the hosts: a name or an address, a port where it is not the usual one; percent-encoded:
/// the folder of a socket.
bool is_host(std::string_view text) {
    bool const is_socket = text.substr(0, 3) == "%2F" || text.substr(0, 3) == "%2f";
    if (is_socket) {
        return decoded(text).has_value();
    }
    auto const behind = text.substr(0, 1) == "[" ? text.find(']') : 0;
    bool const has_port = text.find(':', behind) != std::string_view::npos;
    auto const endpoint = has_port ? std::string(text) : std::string(text) + ":1";
    return parse_host_port(endpoint).has_value();
}

bool are_hosts(std::string_view text) {
    while (true) {
        auto const comma = std::min(text.find(','), text.size());
        if (!is_host(text.substr(0, comma))) {
            return false;
        }
        if (comma == text.size()) {
            return true;
        }
        text.remove_prefix(comma + 1);
    }
}

/// `user[:password]`; empty, or what is wrong with it.
std::string_view read_user_info(std::string_view info, PostgresAddress& out) {
    auto const colon = std::min(info.find(':'), info.size());
    auto user = decoded(info.substr(0, colon));
    auto password = decoded(info.substr(std::min(colon + 1, info.size())));
    if (!user || !password) {
        return "has a '%' in user or password without two hexadecimal digits behind it (a plain "
               "'%' is %25)";
    }
    if (*user == kSecretMask || *password == kSecretMask) {
        return kMask;
    }
    out.user = *std::move(user);
    out.password = *std::move(password);
    return "";
}

std::string text_of(PostgresAddress const& address, std::string const& user_info,
                    std::string const& parameters) {
    return std::string(kScheme) + user_info + address.hosts +
           (address.database.empty() ? "" : "/" + encoded(address.database)) +
           (parameters.empty() ? "" : "?" + parameters);
}

std::string shown_parameters(PostgresAddress const& address) {
    return address.parameters.empty() ? "" : without_secrets("/?" + address.parameters).substr(2);
}

}  // namespace

Result<PostgresAddress> parse_postgres_url(std::string_view text) {
    auto const scheme = scheme_of(text);
    if (scheme.empty()) {
        return refuse(text, "is no URL of a PostgreSQL database");
    }
    bool const plain = std::all_of(text.begin(), text.end(), [](char character) {
        return character > ' ' && character < '\x7f';
    });
    if (!plain || text.size() > kLongestUrl) {
        return refuse(text, "has characters that a URL has not, or too many");
    }
    PostgresAddress address;
    auto rest = text.substr(scheme.size());
    auto const question = std::min(rest.find('?'), rest.size());
    address.parameters = rest.substr(std::min(question + 1, rest.size()));
    rest = rest.substr(0, question);
    auto const slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    auto database = decoded(rest.substr(std::min(slash + 1, rest.size())));
    auto const at = authority.rfind('@');
    if (at != std::string_view::npos) {
        auto const fault = read_user_info(authority.substr(0, at), address);
        if (!fault.empty()) {
            return refuse(text, fault);
        }
        authority.remove_prefix(at + 1);
    }
    if (!authority.empty() && !are_hosts(authority)) {
        return refuse(text, "has no readable host and port");
    }
    if (!database || database->find('/') != std::string::npos) {
        return refuse(text, "has something behind the host that is no name of a database");
    }
    if (has_masked_secret("/?" + address.parameters)) {
        return refuse(text, kMask);
    }
    address.hosts = authority;
    address.database = *std::move(database);
    return address;
}

std::string to_text(PostgresAddress const& address) {
    return text_of(address, "", shown_parameters(address));
}

std::string masked_text(PostgresAddress const& address) {
    bool const secret = !address.user.empty() || !address.password.empty();
    return text_of(address, secret ? std::string(kSecretMask) + "@" : "",
                   shown_parameters(address));
}

std::string secret_text(PostgresAddress const& address) {
    auto info = encoded(address.user);
    info += address.password.empty() ? "" : ":" + encoded(address.password);
    return text_of(address, info.empty() ? "" : info + "@", address.parameters);
}

}  // namespace muster
