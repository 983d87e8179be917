#include <muster/config/read_database.hpp>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include <muster/config/engine_variables.hpp>
#include <muster/config/read_engine_url.hpp>
#include <muster/config/values.hpp>

namespace muster::config {
namespace {

constexpr CountBounds kPoolBounds{1, 100};
constexpr std::string_view kUser = "postgres";
constexpr std::string_view kDatabase = "orchestration";
constexpr std::string_view kNoDatabase =
    "not used: no database is configured (DB_HOST, DATABASE_URL)";

std::string order_of_pool(DatabaseSettings const& database) {
    return "min " + std::to_string(database.pool_min) + " is above max " +
           std::to_string(database.pool_max);
}

void read_host(EngineVariables& variables, std::string const& host,
               std::optional<PostgresAddress>& out) {
    auto const endpoint = variables.endpoint(host, "DB_PORT", PostgresAddress::kPort);
    if (!endpoint) {
        return;
    }
    PostgresAddress address;
    if (host.front() == '/') {
        // The folder of a socket, as libpq knows it.
        auto const* port = variables.get("DB_PORT");
        address.parameters = "host=" + host + (port == nullptr ? "" : "&port=" + *port);
    } else {
        address.hosts = *endpoint;
    }
    auto const* user = variables.get("DB_USER");
    auto const* name = variables.get("DB_NAME");
    address.user = user == nullptr ? kUser : *user;
    address.database = name == nullptr ? kDatabase : *name;
    if (auto whole = parse_postgres_url(secret_text(address))) {
        out = *std::move(whole);
    } else {
        variables.refuse("DB_HOST", "a name or an address, without a port", host);
    }
}

void read_address(EngineVariables& variables, std::optional<PostgresAddress>& out) {
    if (auto const* url = variables.get("DATABASE_URL")) {
        if (auto address = parse_postgres_url(*url)) {
            out = *std::move(address);
        } else {
            variables.refuse("DATABASE_URL: " + address.error().message);
        }
        variables.warn_of({"DB_HOST", "DB_PORT", "DB_USER", "DB_NAME"},
                          "not used: DATABASE_URL says where the database is");
    } else if (auto const* host = variables.get("DB_HOST")) {
        read_host(variables, *host, out);
    } else {
        variables.warn_of({"DB_PORT", "DB_USER", "DB_NAME"}, "not used without DB_HOST");
    }
}

/// Whether it is given, and right.
bool read_count(EngineVariables& variables, std::string_view name, std::size_t& out) {
    auto const* text = variables.get(name);
    if (text == nullptr) {
        return false;
    }
    std::size_t count = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
    if (error != std::errc{} || end != text->data() + text->size() || count < kPoolBounds.least ||
        count > kPoolBounds.most) {
        variables.refuse(name, "a number from 1 to 100", *text);
        return false;
    }
    out = count;
    return true;
}

void read_pool(EngineVariables& variables, DatabaseSettings& out) {
    bool const least = read_count(variables, "DB_POOL_MIN", out.pool_min);
    bool const most = read_count(variables, "DB_POOL_MAX", out.pool_max);
    if (!least && !most) {
        return;
    }
    if (out.pool_min > out.pool_max) {
        variables.refuse("DB_POOL_MIN, DB_POOL_MAX: " + order_of_pool(out));
    } else if (!out.address) {
        variables.warn_of({"DB_POOL_MIN", "DB_POOL_MAX"}, kNoDatabase);
    }
}

}  // namespace

void read_database(Reading& reading, Mapping const& from, DatabaseSettings& out) {
    read_engine_url(reading, from, "the URL of a PostgreSQL database, in quotes",
                    "postgresql://muster@db:5432/orchestration", parse_postgres_url, out.address);
    read_flag(reading, from, "migrate", out.migrate);
    auto const* pool = from.find("pool");
    if (pool == nullptr) {
        return;
    }
    Mapping const sizes(reading, pool->value, Section::pool);
    std::uint64_t least = out.pool_min;
    std::uint64_t most = out.pool_max;
    read_count(reading, sizes, "min", kPoolBounds, least);
    read_count(reading, sizes, "max", kPoolBounds, most);
    out.pool_min = least;
    out.pool_max = most;
    if (out.pool_min > out.pool_max) {
        reading.refuse(pool->value, "'pool': " + order_of_pool(out));
    }
}

void apply_database_environment(Environment const& environment, Configuration& out,
                                std::vector<Mistake>& mistakes) {
    EngineVariables variables(environment, out, mistakes);
    read_address(variables, out.database.address);
    auto& address = out.database.address;
    variables.read_password("DB_PASSWORD", address ? &address->password : nullptr, kNoDatabase,
                            "the database");
    read_pool(variables, out.database);
}

}  // namespace muster::config
