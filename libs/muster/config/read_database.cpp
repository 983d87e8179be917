#include <muster/config/read_database.hpp>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster::config {
namespace {

constexpr CountBounds kPoolBounds{1, 100};
constexpr std::string_view kUser = "postgres";
constexpr std::string_view kDatabase = "orchestration";

std::string order_of_pool(DatabaseSettings const& database) {
    return "min " + std::to_string(database.pool_min) + " is above max " +
           std::to_string(database.pool_max);
}

class DatabaseVariables {
public:
    DatabaseVariables(Environment const& environment, Configuration& out,
                      std::vector<Mistake>& mistakes)
        : environment_(environment), out_(out), mistakes_(mistakes) {}

    void read() {
        auto const* url = variable("DATABASE_URL");
        if (url != nullptr) {
            read_url(*url);
            warn_of({"DB_HOST", "DB_PORT", "DB_USER", "DB_NAME"},
                    "not used: DATABASE_URL says where the database is");
        } else if (variable("DB_HOST") != nullptr) {
            read_host();
        } else {
            warn_of({"DB_PORT", "DB_USER", "DB_NAME"}, "not used without DB_HOST");
        }
        read_password();
        read_pool();
    }

private:
    /// Null: not set, or empty.
    [[nodiscard]] std::string const* variable(std::string_view name) const {
        auto const found = environment_.find(name);
        return found == environment_.end() || found->second.empty() ? nullptr : &found->second;
    }

    void read_url(std::string const& url) {
        if (auto address = parse_postgres_url(url)) {
            out_.database.address = *std::move(address);
        } else {
            refuse("DATABASE_URL: " + address.error().message);
        }
    }

    void read_host() {
        auto const& host = *variable("DB_HOST");
        auto const* port = variable("DB_PORT");
        PostgresAddress address;
        if (host.front() == '/') {
            // The folder of a socket, as libpq knows it.
            address.parameters = "host=" + host + (port == nullptr ? "" : "&port=" + *port);
        } else {
            bool const wraps = host.find(':') != std::string::npos && host.front() != '[';
            address.hosts = (wraps ? "[" + host + "]" : host) + ":" +
                            (port == nullptr ? std::to_string(PostgresAddress::kPort) : *port);
        }
        auto const* user = variable("DB_USER");
        auto const* name = variable("DB_NAME");
        address.user = user == nullptr ? kUser : *user;
        address.database = name == nullptr ? kDatabase : *name;
        if (port != nullptr && !is_port(*port)) {
            refuse("DB_PORT wants a number from 1 to 65535, not '" + clean_text(*port, 60) + "'");
        } else if (auto whole = parse_postgres_url(secret_text(address))) {
            out_.database.address = *std::move(whole);
        } else {
            refuse("DB_HOST wants a name or an address, without a port, not '" +
                   clean_text(host, 60) + "'");
        }
    }

    /// Also for a URL, of the environment or of the file, that has none.
    void read_password() {
        auto const* password = variable("DB_PASSWORD");
        if (password == nullptr) {
            return;
        }
        auto& address = out_.database.address;
        if (*password == kSecretMask) {
            refuse("DB_PASSWORD wants the secret itself: *** only stands for it");
        } else if (!address) {
            warn_of({"DB_PASSWORD"}, "not used: no database is configured (DB_HOST, DATABASE_URL)");
        } else if (address->password.empty()) {
            address->password = *password;
        } else if (address->password != *password) {
            warn_of({"DB_PASSWORD"}, "not used: the URL of the database has a password of its own");
        }
    }

    void read_pool() {
        bool const read = read_count("DB_POOL_MIN", out_.database.pool_min) |
                          read_count("DB_POOL_MAX", out_.database.pool_max);
        if (read && out_.database.pool_min > out_.database.pool_max) {
            refuse("DB_POOL_MIN, DB_POOL_MAX: " + order_of_pool(out_.database));
        } else if (read && !out_.database.address) {
            warn_of({"DB_POOL_MIN", "DB_POOL_MAX"},
                    "not used: no database is configured (DB_HOST, DATABASE_URL)");
        }
    }

    /// Whether it is given, and right.
    bool read_count(std::string_view name, std::size_t& out) {
        auto const* text = variable(name);
        if (text == nullptr) {
            return false;
        }
        std::size_t count = 0;
        auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
        if (error != std::errc{} || end != text->data() + text->size() ||
            count < kPoolBounds.least || count > kPoolBounds.most) {
            refuse(std::string(name) + " wants a number from 1 to 100, not '" +
                   clean_text(*text, 60) + "'");
            return false;
        }
        out = count;
        return true;
    }

    static bool is_port(std::string_view text) {
        std::uint16_t port = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
        return error == std::errc{} && end == text.data() + text.size() && port != 0;
    }

    void warn_of(std::vector<std::string_view> const& names, std::string_view what) {
        std::string set;
        for (auto const name : names) {
            if (variable(name) != nullptr) {
                set += (set.empty() ? "" : ", ") + std::string(name);
            }
        }
        if (!set.empty()) {
            out_.warnings.push_back(set + ": " + std::string(what));
        }
    }

    void refuse(std::string message) { mistakes_.push_back({"", 0, 0, std::move(message)}); }

    Environment const& environment_;
    Configuration& out_;
    std::vector<Mistake>& mistakes_;
};

void read_url(Reading& reading, Mapping const& from, std::optional<PostgresAddress>& out) {
    auto const* field = from.find("url");
    if (field == nullptr) {
        return;
    }
    auto const text =
        scalar_of(reading, field->value, "url", "the URL of a PostgreSQL database, in quotes");
    if (!text || text->empty()) {
        return;  // an empty one is none, as a variable that is not set leaves it
    }
    auto address = parse_postgres_url(*text);
    if (address) {
        out = *std::move(address);
    } else if (*text != field->value.text()) {
        // What was filled in may be a secret anywhere in it.
        refuse_secret(reading, field->value, "url",
                      "a URL such as postgresql://muster@db:5432/orchestration once its variables "
                      "are filled in");
    } else {
        reading.refuse(field->value, "'url': " + address.error().message);
    }
}

}  // namespace

void read_database(Reading& reading, Mapping const& from, DatabaseSettings& out) {
    read_url(reading, from, out.address);
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
    DatabaseVariables(environment, out, mistakes).read();
}

}  // namespace muster::config
