#include <muster/domain/postgres_address.hpp>

#include <algorithm>
#include <optional>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/domain/engine_url.hpp>
#include <muster/domain/secret_names.hpp>
#include <muster/domain/url.hpp>

namespace muster {
namespace {

constexpr std::string_view kScheme = "postgresql://";
constexpr std::string_view kShortScheme = "postgres://";
constexpr std::string_view kPostgresExample = "write postgresql://USER:PASSWORD@HOST:5432/DATABASE";

/// kScheme, kShortScheme or nothing.
std::string_view scheme_of(std::string_view text) noexcept {
    return text.substr(0, kScheme.size()) == kScheme             ? kScheme
           : text.substr(0, kShortScheme.size()) == kShortScheme ? kShortScheme
                                                                 : std::string_view();
}

tl::unexpected<Error> refuse_postgres(std::string_view text, std::string_view fault) {
    return refuse_engine_url(scheme_of(text), fault, kPostgresExample);
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
        return decoded_percents(text).has_value();
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
    auto user = decoded_percents(info.substr(0, colon));
    auto password = decoded_percents(info.substr(std::min(colon + 1, info.size())));
    if (!user || !password) {
        return kLoosePercent;
    }
    if (*user == kSecretMask || *password == kSecretMask) {
        return kMaskForASecret;
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
        return refuse_postgres(text, "is no URL of a PostgreSQL database");
    }
    bool const plain = std::all_of(text.begin(), text.end(), [](char character) {
        return character > ' ' && character < '\x7f';
    });
    if (!plain || text.size() > kLongestEngineUrl) {
        return refuse_postgres(text, "has characters that a URL has not, or too many");
    }
    PostgresAddress address;
    auto rest = text.substr(scheme.size());
    auto const question = std::min(rest.find('?'), rest.size());
    address.parameters = rest.substr(std::min(question + 1, rest.size()));
    rest = rest.substr(0, question);
    auto const slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    auto database = decoded_percents(rest.substr(std::min(slash + 1, rest.size())));
    auto const at = authority.rfind('@');
    if (at != std::string_view::npos) {
        auto const fault = read_user_info(authority.substr(0, at), address);
        if (!fault.empty()) {
            return refuse_postgres(text, fault);
        }
        authority.remove_prefix(at + 1);
    }
    if (!authority.empty() && !are_hosts(authority)) {
        return refuse_postgres(text, "has no readable host and port");
    }
    if (!database || database->find('/') != std::string::npos) {
        return refuse_postgres(text, "has something behind the host that is no name of a database");
    }
    if (has_masked_secret("/?" + address.parameters)) {
        return refuse_postgres(text, kMaskForASecret);
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
