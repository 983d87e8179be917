#include <muster/domain/redis_address.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

#include <muster/base/ascii.hpp>
#include <muster/domain/engine_url.hpp>
#include <muster/domain/secret_names.hpp>
#include <muster/domain/url.hpp>

namespace muster {
namespace {

constexpr std::string_view kTcp = "redis://";
constexpr std::string_view kTls = "rediss://";
constexpr std::string_view kUnix = "unix://";
constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un(7), without the final NUL
constexpr std::uint32_t kMostDatabases = 1'000'000;
constexpr std::string_view kRedisExample =
    "write redis://HOST:6379, redis://:PASSWORD@HOST:6379/0 or unix:///run/redis/redis.sock";

bool starts_with(std::string_view text, std::string_view word) noexcept {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(),
                      [](char mine, char theirs) { return mine == to_lower(theirs); });
}

/// kTcp, kTls, kUnix or nothing.
std::string_view redis_scheme_of(std::string_view text) noexcept {
    for (auto const scheme : {kTcp, kTls, kUnix}) {
        if (starts_with(text, scheme)) {
            return scheme;
        }
    }
    return {};
}

tl::unexpected<Error> refuse_redis(std::string_view text, std::string_view fault) {
    return refuse_engine_url(redis_scheme_of(text), fault, kRedisExample);
}

std::optional<std::uint32_t> database_of(std::string_view text) noexcept {
    std::uint32_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = error == std::errc() && end == text.data() + text.size();
    return whole && number < kMostDatabases ? std::optional(number) : std::nullopt;
}

/// `user:password`; empty, or what is wrong with it.
std::string_view read_user_info(std::string_view info, RedisAddress& out) {
    auto const colon = info.find(':');
    if (info == kSecretMask) {
        return kMaskForASecret;
    }
    if (colon == std::string_view::npos) {
        return "has one word before the '@', which may be a user or a password";
    }
    auto user = decoded_percents(info.substr(0, colon));
    auto password = decoded_percents(info.substr(colon + 1));
    if (!user || !password) {
        return kLoosePercent;
    }
    if (password->empty() && !user->empty()) {
        return "names a user without a password";
    }
    if (*password == kSecretMask || *user == kSecretMask) {
        return kMaskForASecret;
    }
    out.user = *std::move(user);
    out.password = *std::move(password);
    return "";
}

/// `host[:port][/database]`
std::string_view read_host(std::string_view rest, RedisAddress& out) {
    auto const slash = std::min(rest.find('/'), rest.size());
    auto const endpoint = rest.substr(0, slash);
    auto const database = rest.substr(std::min(slash + 1, rest.size()));
    if (rest.find('?') != std::string_view::npos || rest.find('#') != std::string_view::npos) {
        return "has parameters, of which there are none";
    }
    auto const host_ends = endpoint.substr(0, 1) == "[" ? endpoint.find(']') : 0;
    bool const has_port = endpoint.find(':', host_ends) != std::string_view::npos;
    auto parsed = parse_host_port(
        has_port ? std::string(endpoint) : std::string(endpoint) + ":" + std::to_string(out.port));
    if (!parsed) {
        return "has no readable host and port";
    }
    if (!database.empty()) {
        auto const number = database_of(database);
        if (!number) {
            return "has something behind the host that is no number of a database";
        }
        out.database = *number;
    }
    out.host = std::move(parsed->host);
    out.port = parsed->port;
    return "";
}

/// `/path[?db=number]`
std::string_view read_path(std::string_view rest, RedisAddress& out) {
    constexpr std::string_view kDatabase = "db=";
    auto const question = std::min(rest.find('?'), rest.size());
    auto path = decoded_percents(rest.substr(0, question));
    if (!path || path->size() < 2 || path->front() != '/') {
        return "has no absolute path of a socket";
    }
    if (path->size() > kLongestSocketPath) {
        return "has a path longer than the 107 bytes that a socket's may have";
    }
    if (question < rest.size()) {
        auto const parameter = rest.substr(question + 1);
        auto const number = parameter.substr(0, kDatabase.size()) == kDatabase
                                ? database_of(parameter.substr(kDatabase.size()))
                                : std::nullopt;
        if (!number) {
            return "has a parameter other than db=NUMBER";
        }
        out.database = *number;
    }
    out.path = *std::move(path);
    return "";
}

/// What a path must hide in order to be read back.
std::string encoded_path(std::string_view path) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (char const character : path) {
        auto const byte = static_cast<unsigned char>(character);
        bool const plain = byte > 0x20 && byte < 0x7F && character != '%' && character != '?' &&
                           character != '#' && character != '@';
        if (plain) {
            out += character;
        } else {
            out += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
        }
    }
    return out;
}

std::string text_of(RedisAddress const& address, std::string const& user_info) {
    if (!address.path.empty()) {
        return std::string(kUnix) + user_info + encoded_path(address.path) +
               (address.database == 0 ? "" : "?db=" + std::to_string(address.database));
    }
    return std::string(kTcp) + user_info + to_text(HostPort{address.host, address.port}) +
           (address.database == 0 ? "" : "/" + std::to_string(address.database));
}

}  // namespace

Result<RedisAddress> parse_redis_url(std::string_view text) {
    if (starts_with(text, kTls)) {
        return failure(Errc::unsupported,
                       std::string(kTls) +
                           ": Redis over TLS is not built: write redis://, and let a "
                           "tunnel such as stunnel carry it over a network that is not "
                           "yours");
    }
    bool const tcp = starts_with(text, kTcp);
    if (!tcp && !starts_with(text, kUnix)) {
        return refuse_redis(text, "is no URL of a Redis");
    }
    bool const visible =
        std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (!visible || text.size() > kLongestEngineUrl) {
        return refuse_redis(text,
                            "has spaces, control or non-ASCII characters, or is longer than 4000");
    }
    RedisAddress address;
    auto rest = text.substr(tcp ? kTcp.size() : kUnix.size());
    auto const at = rest.rfind('@');
    if (at != std::string_view::npos) {
        auto const fault = read_user_info(rest.substr(0, at), address);
        if (!fault.empty()) {
            return refuse_redis(text, fault);
        }
        rest.remove_prefix(at + 1);
    }
    auto const fault = tcp ? read_host(rest, address) : read_path(rest, address);
    if (!fault.empty()) {
        return refuse_redis(text, fault);
    }
    return address;
}

std::string to_text(RedisAddress const& address) {
    return text_of(address, "");
}

std::string masked_text(RedisAddress const& address) {
    bool const secret = !address.user.empty() || !address.password.empty();
    return text_of(address, secret ? std::string(kSecretMask) + "@" : "");
}

}  // namespace muster
