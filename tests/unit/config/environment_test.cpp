#include <muster/config/environment.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

Configuration applied(Environment const& environment) {
    Configuration configuration;
    auto const mistakes = apply_environment(environment, configuration);
    for (auto const& mistake : mistakes) {
        ADD_FAILURE() << to_text(mistake);
    }
    return configuration;
}

std::vector<std::string> problems_of(Environment const& environment) {
    Configuration configuration;
    std::vector<std::string> lines;
    for (auto const& mistake : apply_environment(environment, configuration)) {
        lines.push_back(to_text(mistake));
    }
    return lines;
}

TEST(Environment, HasTheDefaultsOfTheContract) {
    auto const configuration = applied({{"PATH", "/bin"}, {"NODE_ENV", "production"}});
    EXPECT_EQ(configuration, Configuration{});
    EXPECT_EQ(configuration.hub.listen, (std::vector<HostPort>{{"0.0.0.0", 3001}}));
    EXPECT_EQ(configuration.hub.id, "hub-main");
    EXPECT_EQ(configuration.data_dir, "./muster-data");
    EXPECT_EQ(configuration.hub_url, "http://127.0.0.1:3001");
    EXPECT_EQ(configuration.logging.level, LogLevel::info);
    EXPECT_EQ(configuration.logging.format, LogFormat::text);
    EXPECT_FALSE(configuration.token);
}

TEST(Environment, EachVariableIsTaken) {
    auto const configuration = applied({{"PORT", "4000"},
                                        {"PROJECTS", "shop:http://h"},
                                        {"LOG_LEVEL", "warn"},
                                        {"LOG_FORMAT", "json"},
                                        {"HUB_ID", "hub-2"},
                                        {"MUSTER_DATA_DIR", "/var/lib/muster"},
                                        {"MUSTER_TOKEN", "secret"},
                                        {"MUSTER_URL", "http://hub:3001"}});
    EXPECT_EQ(configuration.hub.listen, (std::vector<HostPort>{{"0.0.0.0", 4000}}));
    ASSERT_EQ(configuration.projects.size(), 1U);
    EXPECT_EQ(configuration.projects.front().name, "shop");
    EXPECT_EQ(configuration.logging.level, LogLevel::warn);
    EXPECT_EQ(configuration.logging.format, LogFormat::json);
    EXPECT_EQ(configuration.hub.id, "hub-2");
    EXPECT_EQ(configuration.data_dir, "/var/lib/muster");
    EXPECT_EQ(configuration.token, "secret");
    EXPECT_EQ(configuration.hub_url, "http://hub:3001");
    EXPECT_TRUE(configuration.warnings.empty());
}

TEST(Environment, AnEmptyVariableIsNotSet) {
    auto const configuration = applied({{"PORT", ""},
                                        {"PROJECTS", ""},
                                        {"LOG_LEVEL", ""},
                                        {"HUB_ID", ""},
                                        {"MUSTER_TOKEN", ""},
                                        {"DB_PASSWORD", ""}});
    EXPECT_EQ(configuration, Configuration{});
}

TEST(Environment, SaysWhereRedisIs) {
    EXPECT_EQ(applied({{"REDIS_URL", "redis://hub:pw@r:6380/2"}}).redis,
              (RedisAddress{"r", 6380, "", "hub", "pw", 2}));
    EXPECT_EQ(applied({{"REDIS_HOST", "Cache"}}).redis,
              (RedisAddress{"cache", 6379, "", "", "", 0}));
    EXPECT_EQ(
        applied({{"REDIS_HOST", "::1"}, {"REDIS_PORT", "7000"}, {"REDIS_PASSWORD", "p w"}}).redis,
        (RedisAddress{"::1", 7000, "", "", "p w", 0}));
    EXPECT_EQ(applied({{"REDIS_URL", "redis://r"}, {"REDIS_PASSWORD", "pw"}}).redis,
              (RedisAddress{"r", 6379, "", "", "pw", 0}));
    EXPECT_EQ(applied({{"REDIS_HOST", ""}}).redis, std::nullopt);
}

TEST(Environment, WarnsOfWhatIsSaidOfRedisInVain) {
    using Warnings = std::vector<std::string>;
    EXPECT_EQ(
        applied({{"REDIS_URL", "redis://r"}, {"REDIS_HOST", "h"}, {"REDIS_PORT", "1"}}).warnings,
        Warnings{"REDIS_HOST, REDIS_PORT: not used: REDIS_URL says where Redis is"});
    EXPECT_EQ(applied({{"REDIS_PORT", "1"}}).warnings,
              Warnings{"REDIS_PORT: not used without REDIS_HOST"});
    EXPECT_EQ(applied({{"REDIS_PASSWORD", "pw"}}).warnings,
              Warnings{"REDIS_PASSWORD: not used: no Redis is configured (REDIS_HOST, REDIS_URL)"});
    EXPECT_EQ(applied({{"REDIS_URL", "redis://:a@r"}, {"REDIS_PASSWORD", "b"}}).warnings,
              Warnings{"REDIS_PASSWORD: not used: the URL of Redis has a password of its own"});
}

TEST(Environment, RefusesWhatIsNoRedis) {
    auto const url = problems_of({{"REDIS_URL", "redis://user:hunter2@r:x"}});
    ASSERT_EQ(url.size(), 1U);
    EXPECT_EQ(url[0].rfind("REDIS_URL: redis:// has no readable host and port", 0), 0U) << url[0];
    EXPECT_EQ(problems_of({{"REDIS_HOST", "r"}, {"REDIS_PORT", "70000"}}),
              std::vector<std::string>{"REDIS_PORT wants a number from 1 to 65535, not '70000'"});
    EXPECT_EQ(problems_of({{"REDIS_HOST", "a b"}}),
              std::vector<std::string>{
                  "REDIS_HOST wants a name or an address, without a port, not 'a b'"});
    EXPECT_EQ(problems_of({{"REDIS_URL", "redis://r"}, {"REDIS_PASSWORD", "***"}}).size(), 1U);
}

TEST(Environment, TellsAllMistakesAtOnce) {
    EXPECT_EQ(problems_of({{"PORT", "65536"},
                           {"PROJECTS", "shop"},
                           {"LOG_LEVEL", "verbose"},
                           {"LOG_FORMAT", "xml"},
                           {"HUB_ID", "a.b"},
                           {"MUSTER_URL", "hub"}}),
              (std::vector<std::string>{
                  "PORT wants a number from 0 to 65535, not '65536'",
                  "Invalid project definition: shop. Expected format: name:url",
                  "LOG_LEVEL wants one of debug, info, warn, error, not 'verbose'",
                  "LOG_FORMAT wants one of text, json, not 'xml'",
                  "HUB_ID wants a name: letters, digits, - and _, at most 100, not 'a.b'",
                  "MUSTER_URL: 'hub' is no http or https URL: write an absolute one, such as "
                  "http://127.0.0.1:3010/health"}));
}

TEST(Environment, APortHasNothingAroundIt) {
    for (auto const* port : {"x", "-1", "+1", " 1", "1 ", "0x10", "99999999999999999999"}) {
        EXPECT_EQ(problems_of({{"PORT", port}}).size(), 1U) << port;
    }
    EXPECT_EQ(applied({{"PORT", "0"}}).hub.listen.front().port, 0);
}

TEST(Listen, PortZeroTakesAnyThatIsFree) {
    EXPECT_EQ(parse_listen("127.0.0.1:0"), (HostPort{"127.0.0.1", 0}));
    EXPECT_EQ(parse_listen("[::]:0"), (HostPort{"::", 0}));
    EXPECT_EQ(parse_listen("0.0.0.0:3001"), (HostPort{"0.0.0.0", 3001}));
    EXPECT_EQ(parse_listen(":0"), std::nullopt);
    EXPECT_EQ(parse_listen("a b:0"), std::nullopt);
    EXPECT_EQ(parse_listen("3001"), std::nullopt);
}

}  // namespace
}  // namespace muster::config
