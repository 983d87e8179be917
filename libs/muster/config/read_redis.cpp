#include <muster/config/read_redis.hpp>

#include <string>
#include <utility>

#include <muster/config/engine_variables.hpp>
#include <muster/config/read_engine_url.hpp>
#include <muster/domain/url.hpp>

namespace muster::config {
namespace {

void read_host(EngineVariables& variables, std::string const& host,
               std::optional<RedisAddress>& out) {
    auto const endpoint = variables.endpoint(host, "REDIS_PORT", RedisAddress::kPort);
    if (!endpoint) {
        return;
    }
    auto const parsed = parse_host_port(*endpoint);
    if (!parsed) {
        variables.refuse("REDIS_HOST", "a name or an address, without a port", host);
        return;
    }
    out = RedisAddress{};
    out->host = parsed->host;
    out->port = parsed->port;
}

}  // namespace

void read_redis(Reading& reading, Mapping const& from, std::optional<RedisAddress>& out) {
    read_engine_url(reading, from, "the URL of a Redis, in quotes", "redis://127.0.0.1:6379",
                    parse_redis_url, out);
}

void apply_redis_environment(Environment const& environment, Configuration& out,
                             std::vector<Mistake>& mistakes) {
    EngineVariables variables(environment, out, mistakes);
    auto const* host = variables.get("REDIS_HOST");
    if (auto const* url = variables.get("REDIS_URL")) {
        if (auto address = parse_redis_url(*url)) {
            out.redis = *std::move(address);
        } else {
            variables.refuse("REDIS_URL: " + address.error().message);
        }
        if (host != nullptr) {
            variables.warn_of({"REDIS_HOST", "REDIS_PORT"},
                              "not used: REDIS_URL says where Redis is");
        }
    } else if (host != nullptr) {
        read_host(variables, *host, out.redis);
    } else {
        variables.warn_of({"REDIS_PORT"}, "not used without REDIS_HOST");
    }
    variables.read_password("REDIS_PASSWORD", out.redis ? &out.redis->password : nullptr,
                            "not used: no Redis is configured (REDIS_HOST, REDIS_URL)", "Redis");
}

}  // namespace muster::config
