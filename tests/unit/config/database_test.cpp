#include <muster/config/read_database.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/config/document.hpp>
#include <muster/config/load.hpp>
#include <muster/config/write_configuration.hpp>

namespace muster::config {
namespace {

using Lines = std::vector<std::string>;

Checked<Configuration> loaded(std::string text, Environment environment = {}) {
    LoadInput input;
    input.file_name = "f";
    input.file_text = std::move(text);
    input.environment = std::move(environment);
    return load(input);
}

DatabaseSettings database_of(std::string text, Environment environment = {}) {
    auto const read = loaded(std::move(text), std::move(environment));
    if (!read) {
        ADD_FAILURE() << to_text(read.error().front());
        return {};
    }
    return read->database;
}

Lines refused(std::string text, Environment environment = {}) {
    Lines lines;
    auto const read = loaded(std::move(text), std::move(environment));
    if (!read) {
        for (auto const& mistake : read.error()) {
            lines.push_back(to_text(mistake));
        }
    }
    return lines;
}

Lines warnings_of(Environment environment) {
    return loaded("", std::move(environment))->warnings;
}

TEST(DatabaseSection, IsReadWhole) {
    auto const database = database_of(
        "database: { url: \"postgresql://postgres@db/orchestration\", pool: { min: 3, max: 8 },"
        " migrate: off }\n");
    EXPECT_EQ(database.address, (PostgresAddress{"db", "postgres", "", "orchestration", ""}));
    EXPECT_EQ(database.pool_min, 3U);
    EXPECT_EQ(database.pool_max, 8U);
    EXPECT_FALSE(database.migrate);
}

TEST(DatabaseSection, IsSqliteWithoutAUrl) {
    EXPECT_EQ(database_of(""), DatabaseSettings{});
    EXPECT_EQ(database_of("database: { url: \"${NONE:-}\" }\n"), DatabaseSettings{});
    EXPECT_EQ(DatabaseSettings{}.pool_min, 2U);
    EXPECT_EQ(DatabaseSettings{}.pool_max, 20U);
    EXPECT_TRUE(DatabaseSettings{}.migrate);
}

TEST(DatabaseSection, SaysWhatIsWrongWithoutItsPassword) {
    auto const url = refused("database: { url: \"postgresql://u:hunter2@db:x/h\" }\n");
    ASSERT_EQ(url.size(), 1U);
    EXPECT_EQ(url[0].rfind("f:1:18: 'url': postgresql:// has no readable host and port", 0), 0U)
        << url[0];
    auto const filled = refused("database: { url: \"${URL}\" }\n", {{"URL", "hunter2"}});
    ASSERT_EQ(filled.size(), 1U);
    EXPECT_EQ(filled[0].find("hunter2"), std::string::npos) << filled[0];
    EXPECT_EQ(refused("database: { pool: { min: 5, max: 4 } }\n"),
              Lines{"f:1:19: 'pool': min 5 is above max 4"});
    EXPECT_EQ(refused("database: { pool: { max: 0 } }\n").size(), 1U);
    EXPECT_EQ(refused("database: { urll: x }\n"),
              Lines{"f:1:13: unknown key 'urll': did you mean 'url'?"});
}

TEST(DatabaseSection, IsShownWithoutSecretsAndReadBack) {
    Configuration configuration;
    configuration.database.address = PostgresAddress{"db:5433", "", "", "h", "sslmode=require"};
    configuration.database.pool_max = 4;
    auto const again = loaded(to_yaml(write_configuration(configuration)));
    ASSERT_TRUE(again) << to_text(again.error().front());
    EXPECT_EQ(*again, configuration);

    configuration.database.address->user = "muster";
    configuration.database.address->password = "hunter2";
    auto const text = to_yaml(write_configuration(configuration));
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_NE(text.find("postgresql://***@db:5433/h"), std::string::npos) << text;
    auto const masked = refused(text);
    ASSERT_EQ(masked.size(), 1U);
    EXPECT_NE(masked[0].find("secret itself"), std::string::npos) << masked[0];
}

TEST(DatabaseVariables, SayWhereTheDatabaseIs) {
    EXPECT_EQ(database_of("", {{"DATABASE_URL", "postgres://u:p@db:5433/h"}}).address,
              (PostgresAddress{"db:5433", "u", "p", "h", ""}));
    EXPECT_EQ(database_of("", {{"DB_HOST", "db"}}).address,
              (PostgresAddress{"db:5432", "postgres", "", "orchestration", ""}));
    auto const all = database_of("", {{"DB_HOST", "::1"},
                                      {"DB_PORT", "7000"},
                                      {"DB_USER", "hub"},
                                      {"DB_PASSWORD", "p w"},
                                      {"DB_NAME", "history"},
                                      {"DB_POOL_MIN", "1"},
                                      {"DB_POOL_MAX", "4"}});
    EXPECT_EQ(all.address, (PostgresAddress{"[::1]:7000", "hub", "p w", "history", ""}));
    EXPECT_EQ(all.pool_min, 1U);
    EXPECT_EQ(all.pool_max, 4U);
    EXPECT_EQ(database_of("", {{"DB_HOST", "/run/postgresql"}}).address->parameters,
              "host=/run/postgresql");
}

TEST(DatabaseVariables, WinOverTheFileAndBringItsPassword) {
    std::string const file = "database: { url: \"postgresql://u@db/h\" }\n";
    EXPECT_EQ(database_of(file, {{"DATABASE_URL", "postgresql://other/x"}}).address->hosts,
              "other");
    EXPECT_EQ(database_of(file, {{"DB_PASSWORD", "pw"}}).address,
              (PostgresAddress{"db", "u", "pw", "h", ""}));
}

TEST(DatabaseVariables, ThatAreSaidInVainAreWarnedOf) {
    EXPECT_EQ(warnings_of({{"DATABASE_URL", "postgresql://db"}, {"DB_HOST", "h"}}),
              Lines{"DB_HOST: not used: DATABASE_URL says where the database is"});
    EXPECT_EQ(warnings_of({{"DB_NAME", "h"}}), Lines{"DB_NAME: not used without DB_HOST"});
    EXPECT_EQ(warnings_of({{"DB_PASSWORD", "pw"}}),
              Lines{"DB_PASSWORD: not used: no database is configured (DB_HOST, DATABASE_URL)"});
    EXPECT_EQ(warnings_of({{"DB_POOL_MAX", "3"}}),
              Lines{"DB_POOL_MAX: not used: no database is configured (DB_HOST, DATABASE_URL)"});
    EXPECT_EQ(warnings_of({{"DATABASE_URL", "postgresql://u:a@db"}, {"DB_PASSWORD", "b"}}),
              Lines{"DB_PASSWORD: not used: the URL of the database has a password of its own"});
}

TEST(DatabaseVariables, ThatAreWrongAreRefused) {
    auto const url = refused("", {{"DATABASE_URL", "mysql://u:hunter2@db/h"}});
    ASSERT_EQ(url.size(), 1U);
    EXPECT_EQ(url[0].rfind("DATABASE_URL: what is given is no URL of a PostgreSQL database", 0), 0U)
        << url[0];
    EXPECT_EQ(refused("", {{"DB_HOST", "db"}, {"DB_PORT", "0"}}),
              Lines{"DB_PORT wants a number from 1 to 65535, not '0'"});
    EXPECT_EQ(refused("", {{"DB_HOST", "a b"}}),
              Lines{"DB_HOST wants a name or an address, without a port, not 'a b'"});
    EXPECT_EQ(refused("", {{"DB_HOST", "db"}, {"DB_POOL_MAX", "many"}}),
              Lines{"DB_POOL_MAX wants a number from 1 to 100, not 'many'"});
    EXPECT_EQ(refused("", {{"DB_HOST", "db"}, {"DB_POOL_MAX", "1"}}),
              Lines{"DB_POOL_MIN, DB_POOL_MAX: min 2 is above max 1"});
    EXPECT_EQ(refused("", {{"DB_HOST", "db"}, {"DB_PASSWORD", "***"}}).size(), 1U);
}

}  // namespace
}  // namespace muster::config
