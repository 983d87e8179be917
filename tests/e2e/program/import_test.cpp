// `muster import … | muster config check`: what one writes, the other takes.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <muster/testing/temporary_folder.hpp>

#include "hub_process.hpp"

namespace muster::e2e {
namespace {

namespace fs = std::filesystem;

std::string fixture(std::string const& name) {
    return std::string(MUSTER_SOURCE_DIR) + "/tests/unit/importing/data/" + name;
}

std::string text_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Ended {
    int code{-1};
    std::string output;
};

Ended muster(testing::TemporaryFolder const& folder, std::vector<std::string> const& arguments,
             std::map<std::string, std::string> const& environment = {}) {
    ChildProcess::Options options;
    options.folder = folder.path();
    options.environment = environment;
    ChildProcess process(program("muster"), arguments, options);
    auto const code = process.wait_for_end();
    return {code, process.output()};
}

/// Imports into muster.yaml and .env, and has the configuration checked.
void expect_valid(testing::TemporaryFolder const& folder, std::vector<std::string> arguments,
                  std::string const& counts) {
    arguments.insert(arguments.begin(), "import");
    arguments.insert(arguments.end(), {"--output", "muster.yaml", "--env-file", ".env"});
    auto const imported = muster(folder, arguments);
    EXPECT_EQ(imported.code, 1) << imported.output;  // each of the fixtures holds what is lost
    EXPECT_NE(imported.output.find(counts), std::string::npos) << imported.output;
    auto const checked = muster(folder, {"config", "check"},
                                {{"API_TOKEN", "t"}, {"INNER_HOST", "h"}, {"IMPORTED_PORT", "80"}});
    EXPECT_EQ(checked.code, 0) << checked.output << text_of(folder / "muster.yaml");
}

TEST(Import, OfEachSourceIsAValidConfiguration) {
    {
        testing::TemporaryFolder const folder;
        expect_valid(folder, {"gatus", fixture("gatus.yaml")}, "4 carried over, 3 partly, 4 not");
        auto const rights = fs::status(folder / ".env").permissions();
        EXPECT_EQ(rights & fs::perms::all, fs::perms::owner_read | fs::perms::owner_write);
        EXPECT_EQ(text_of(folder / "muster.yaml").find("inline-key-0815"), std::string::npos);
    }
    {
        testing::TemporaryFolder const folder;
        expect_valid(folder, {"kuma", fixture("kuma_backup.json")},
                     "3 carried over, 1 partly, 4 not");
    }
    {
        testing::TemporaryFolder const folder;
        expect_valid(
            folder,
            {"blackbox", fixture("blackbox.yml"), "--prometheus", fixture("prometheus.yml")},
            "3 carried over, 2 partly, 1 not");
    }
}

/// A database as Uptime Kuma 1.23 makes it, as far as it is read.
void make_kuma_database(std::string const& path) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    auto const* const script =
        "PRAGMA journal_mode=WAL;"
        "CREATE TABLE monitor (id INTEGER PRIMARY KEY, name TEXT, type TEXT, active BOOLEAN,"
        " url TEXT, interval INTEGER, hostname TEXT, port INTEGER, parent INTEGER,"
        " accepted_statuscodes_json TEXT, maxretries INTEGER, timeout DOUBLE, headers TEXT);"
        "CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT, color TEXT);"
        "CREATE TABLE monitor_tag (id INTEGER PRIMARY KEY, monitor_id INTEGER, tag_id INTEGER,"
        " value TEXT);"
        "CREATE TABLE notification (id INTEGER PRIMARY KEY, name TEXT, config TEXT);"
        "INSERT INTO monitor (id, name, type, active) VALUES (1, 'Shop', 'group', 1);"
        "INSERT INTO monitor VALUES (2, 'Web', 'http', 1, 'https://shop.example.org/', 30, NULL,"
        " NULL, 1, '[\"200-299\",\"404\"]', 1, 10, '{\"X-Key\": \"hush\"}');"
        "INSERT INTO monitor (id, name, type, active, hostname, port, interval)"
        " VALUES (3, 'Mail', 'port', 1, 'mail.example.org', 25, 60);"
        "INSERT INTO tag VALUES (1, 'region', '#fff');"
        "INSERT INTO monitor_tag VALUES (1, 2, 1, 'eu');"
        "INSERT INTO notification VALUES (1, 'Telegram', 'not-to-be-shown');";
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database, script, nullptr, nullptr, &message), SQLITE_OK) << message;
    sqlite3_free(message);
    sqlite3_close(database);
}

TEST(Import, ReadsADatabaseOfUptimeKumaAndLeavesItAlone) {
    testing::TemporaryFolder const folder;
    auto const database = folder / "kuma #1.db";
    make_kuma_database(database);
    auto const before = text_of(database);
    auto const imported = muster(
        folder, {"import", "kuma", database, "--output", "muster.yaml", "--env-file", ".env"});
    EXPECT_EQ(imported.code, 1) << imported.output;
    EXPECT_NE(imported.output.find("2 carried over, 0 partly, 0 not"), std::string::npos)
        << imported.output;
    EXPECT_NE(imported.output.find("notifications: are not sent"), std::string::npos);
    auto const yaml = text_of(folder / "muster.yaml");
    for (auto const* text :
         {"name: Shop", "name: Web", "tags: [\"region:eu\"]", "status: [\"200-299\", 404]",
          "\"mail.example.org:25\"", "${SHOP_WEB_X_KEY}"}) {
        EXPECT_NE(yaml.find(text), std::string::npos) << text << "\n" << yaml;
    }
    EXPECT_EQ(yaml.find("hush"), std::string::npos);
    EXPECT_EQ(muster(folder, {"config", "check"}).code, 0);
    EXPECT_EQ(text_of(database), before);
    EXPECT_FALSE(fs::exists(database + "-shm"));
    EXPECT_FALSE(fs::exists(database + "-wal"));

    std::ofstream(database + "-wal") << "newer";
    EXPECT_NE(muster(folder, {"import", "kuma", database, "--dry-run"})
                  .output.find("it holds what Uptime Kuma changed last"),
              std::string::npos);
}

TEST(Import, ADryRunWritesNothing) {
    testing::TemporaryFolder const folder;
    auto const told = muster(folder, {"import", "gatus", fixture("gatus.yaml"), "--dry-run",
                                      "--output", "muster.yaml", "--env-file", ".env"});
    EXPECT_EQ(told.code, 1);
    EXPECT_NE(told.output.find("carried over           4"), std::string::npos) << told.output;
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Import, OverwritesOnlyByForce) {
    testing::TemporaryFolder const folder;
    std::ofstream(folder / "muster.yaml") << "mine\n";
    std::vector<std::string> arguments{"import", "gatus", fixture("gatus.yaml"), "--output",
                                       "muster.yaml"};
    auto const refused = muster(folder, arguments);
    EXPECT_EQ(refused.code, 3);
    EXPECT_NE(refused.output.find("is there already: --force overwrites it"), std::string::npos);
    EXPECT_EQ(text_of(folder / "muster.yaml"), "mine\n");
    arguments.emplace_back("--force");
    EXPECT_EQ(muster(folder, arguments).code, 1);
    EXPECT_NE(text_of(folder / "muster.yaml").find("front-end"), std::string::npos);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Import, AllCarriedOverIsZeroAndUnreadableIsThree) {
    testing::TemporaryFolder const folder;
    std::ofstream(folder / "good.yaml")
        << "endpoints:\n  - { name: a, url: \"http://h/\", conditions: [\"[STATUS] == 200\"] }\n";
    std::ofstream(folder / "bad.yaml") << "endpoints:\n  - name: [\n";
    std::ofstream(folder / "other.db") << std::string("SQLite format 3\0", 16) << "and no more";
    auto const good = muster(folder, {"import", "gatus", "good.yaml", "--json"});
    EXPECT_EQ(good.code, 0) << good.output;
    EXPECT_NE(good.output.find("\"carried\":1,\"partly\":0,\"missing\":0"), std::string::npos);
    EXPECT_NE(good.output.find("\"yaml\":\"# Made by muster import"), std::string::npos);
    for (auto const& arguments :
         std::vector<std::vector<std::string>>{{"import", "gatus", "bad.yaml"},
                                               {"import", "gatus", "nowhere.yaml"},
                                               {"import", "gatus", "."},
                                               {"import", "kuma", "other.db"},
                                               {"import", "blackbox", fixture("blackbox.yml")},
                                               {"import", "nagios", "good.yaml"},
                                               {"import", "gatus"}}) {
        auto const refused = muster(folder, arguments);
        EXPECT_EQ(refused.code, 3) << arguments.back() << refused.output;
        EXPECT_FALSE(refused.output.empty());
    }
    EXPECT_NE(muster(folder, {"import", "gatus", "bad.yaml"}).output.find("bad.yaml:3:"),
              std::string::npos)
        << muster(folder, {"import", "gatus", "bad.yaml"}).output;
}

}  // namespace
}  // namespace muster::e2e
