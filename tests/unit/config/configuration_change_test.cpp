#include <muster/config/configuration_change.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

using Lines = std::vector<std::string>;

Lines described(Configuration const& running, Configuration const& wanted) {
    Lines lines;
    for (auto const& change : changed_settings(running, wanted)) {
        lines.push_back(change.description);
    }
    return lines;
}

Configuration other_in_everything() {
    Configuration other;
    other.hub = {"hub-2", {{"127.0.0.1", 0}, {"::1", 5}}, {"muster.example.org"}, 4};
    other.token = "hunter2";
    other.reads = Reads::token;
    other.cors.origins = {"http://a", "http://b"};
    other.limits = {10, 5, {{"front", 3}}};
    other.logging = {LogLevel::debug, LogFormat::json, "/var/log/muster.log"};
    other.retention = {48h, 1'000'000'000, 24h, 72h};
    other.data_dir = "/data";
    other.redis = RedisAddress{"r", 6379, "", "", "hunter2", 1};
    other.database.address = PostgresAddress{"db", "muster", "hunter2", "history", ""};
    other.database.pool_min = 1;
    other.database.pool_max = 9;
    other.database.migrate = false;
    other.probe = ProbeAccess::open;
    return other;
}

TEST(ChangedSettings, OfTheSameAreNone) {
    EXPECT_EQ(described({}, {}), Lines{});
    EXPECT_EQ(described(other_in_everything(), other_in_everything()), Lines{});
}

TEST(ChangedSettings, AreToldInPlainWords) {
    EXPECT_EQ(described({}, other_in_everything()),
              (Lines{"hub.id: hub-main -> hub-2 (restart the hub for it to take effect)",
                     "hub.listen: 0.0.0.0:3001 -> 127.0.0.1:0, [::1]:5 (restart the hub for it to "
                     "take effect)",
                     "hub.hosts: none -> muster.example.org",
                     "hub.shards: 1 -> 4 (restart the hub for it to take effect)",
                     "auth.token is set",
                     "auth.probe: guarded -> open",
                     "auth.reads: open -> token",
                     "cors.origins: * -> http://a, http://b",
                     "limits.inFlight: 2000 -> 10",
                     "limits.perHost: 64 -> 5",
                     "limits.perGroup: none -> front 3",
                     "logging.level: info -> debug",
                     "logging.format: text -> json",
                     "logging.file: none -> /var/log/muster.log",
                     "retention.raw: 7d -> 2d",
                     "retention.rawSize: 20GB -> 1GB",
                     "retention.minute: 90d -> 1d",
                     "retention.hour: 730d -> 3d",
                     "redis.url: none -> redis://r:6379/1 (restart the hub for it to take effect)",
                     "database.url: SQLite -> postgresql://db/history (restart the hub for it to "
                     "take effect)",
                     "database.pool.min: 2 -> 1 (restart the hub for it to take effect)",
                     "database.pool.max: 20 -> 9 (restart the hub for it to take effect)",
                     "database.migrate: on -> off (restart the hub for it to take effect)",
                     "MUSTER_DATA_DIR: ./muster-data -> /data (restart the hub for it to take "
                     "effect)"}));
}

TEST(ChangedSettings, NeverShowThePasswordOfRedis) {
    Configuration had;
    had.redis = RedisAddress{"r", 6379, "", "", "hunter1", 0};
    auto has = had;
    has.redis->password = "hunter2";
    EXPECT_EQ(described(had, has), Lines{"redis.url: user or password is another (restart the hub "
                                         "for it to take effect)"});
    EXPECT_EQ(with_live_settings(had, has).redis, had.redis);
    EXPECT_EQ(described(had, {}),
              Lines{"redis.url: redis://r:6379 -> none (restart the hub for it to take effect)"});
}

TEST(ChangedSettings, NeverShowThePasswordOfTheDatabase) {
    Configuration had;
    had.database.address = PostgresAddress{"db", "muster", "hunter1", "history", ""};
    auto has = had;
    has.database.address->password = "hunter2";
    EXPECT_EQ(described(had, has), Lines{"database.url: user or password is another (restart the "
                                         "hub for it to take effect)"});
    EXPECT_EQ(with_live_settings(had, has).database, had.database);
}

TEST(ChangedSettings, NeverShowTheToken) {
    Configuration had;
    had.token = "hunter1";
    EXPECT_EQ(described(had, {}), (Lines{"auth.token is taken away"}));
    auto other = had;
    other.token = "hunter2";
    EXPECT_EQ(described(had, other), (Lines{"auth.token is another one"}));
}

TEST(ChangedSettings, ObjectsOfTheRegistryAreNone) {
    Configuration other;
    other.projects.push_back(project_of("shop", *parse_url("http://h")));
    other.maintenance.emplace_back();
    other.defaults.policy.interval = 1s;
    other.warnings = {"x"};
    EXPECT_EQ(described({}, other), Lines{});
}

TEST(LiveSettings, AreAllButThoseThatNeedARestart) {
    Configuration const running;
    auto const live = with_live_settings(running, other_in_everything());
    for (auto const& change : changed_settings(running, live)) {
        EXPECT_EQ(change.takes, SettingChange::Takes::effect) << change.setting;
    }
    for (auto const& left : changed_settings(live, other_in_everything())) {
        EXPECT_EQ(left.takes, SettingChange::Takes::restart) << left.setting;
    }
    EXPECT_EQ(changed_settings(live, other_in_everything()).size(), 9U);
}

}  // namespace
}  // namespace muster::config
