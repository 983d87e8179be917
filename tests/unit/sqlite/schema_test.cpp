#include <muster/sqlite/schema.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/testing/temporary_folder.hpp>
#include <unit/sqlite/rows.hpp>

namespace muster {
namespace {

using testing::rows_of;
using Texts = std::vector<std::string>;

constexpr Migration kFirst{1, "first", "CREATE TABLE a (x); CREATE TABLE b (x);"};
constexpr Migration kSecond{2, "second", "CREATE TABLE c (x);"};

class SchemaTest : public ::testing::Test {
public:
    Result<void> migrate_to(std::vector<Migration> const& known) {
        return migrate(database, known);
    }
    Texts tables() {
        return rows_of(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1");
    }

    testing::TemporaryFolder folder;
    SqliteDatabase database = testing::open_database(folder / "test.db");
};

TEST_F(SchemaTest, BringsAnEmptyDatabaseUpToDate) {
    ASSERT_TRUE(migrate_to({kFirst, kSecond}));
    EXPECT_EQ(tables(), (Texts{"a", "b", "c", "schema_version"}));
    EXPECT_EQ(rows_of(database, "SELECT version, name FROM schema_version", 2),
              (Texts{"1|first", "2|second"}));
}

TEST_F(SchemaTest, AppliesOnlyWhatIsMissing) {
    ASSERT_TRUE(migrate_to({kFirst}));
    ASSERT_TRUE(database.execute("INSERT INTO a VALUES (7)"));
    ASSERT_TRUE(migrate_to({kFirst, kSecond}));
    ASSERT_TRUE(migrate_to({kFirst, kSecond}));
    EXPECT_EQ(rows_of(database, "SELECT x FROM a"), Texts{"7"});
    EXPECT_EQ(tables(), (Texts{"a", "b", "c", "schema_version"}));
}

TEST_F(SchemaTest, RefusesADatabaseThatIsNewer) {
    ASSERT_TRUE(migrate_to({kFirst, kSecond}));
    auto const refused = migrate_to({kFirst});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_EQ(refused.error().message,
              "the database's schema is version 2, this program knows versions up to 1: "
              "use the newer program that wrote it");
}

TEST_F(SchemaTest, RefusesAMigrationThatWasChangedAfterwards) {
    ASSERT_TRUE(migrate_to({kFirst}));
    auto const refused = migrate_to({{1, "first", "CREATE TABLE a (x, y);"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_EQ(refused.error().message,
              "migration V001__first was changed after this database had applied it");
}

TEST_F(SchemaTest, LeavesNothingOfAMigrationThatFails) {
    auto const failed =
        migrate_to({kFirst, {2, "broken", "CREATE TABLE c (x); CREATE TABLE a (x);"}});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message.rfind("migration V002__broken: ", 0), 0U);
    EXPECT_EQ(tables(), (Texts{"a", "b", "schema_version"}));
    ASSERT_TRUE(migrate_to({kFirst, kSecond}));
    EXPECT_EQ(tables(), (Texts{"a", "b", "c", "schema_version"}));
}

TEST_F(SchemaTest, RefusesTheDatabaseOfAnotherProgram) {
    ASSERT_TRUE(database.execute("CREATE TABLE bookmarks (url)"));
    auto const refused = migrate_to({kFirst});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(tables(), Texts{"bookmarks"});
}

TEST_F(SchemaTest, IsUsableOnceItsWriterHasPreparedIt) {
    auto const empty = check_schema(database);
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, Errc::unavailable);
    ASSERT_TRUE(migrate(database, sqlite_migrations()));
    EXPECT_TRUE(check_schema(database));
    ASSERT_TRUE(database.execute("INSERT INTO schema_version VALUES (999, 'future', '', '')"));
    auto const newer = check_schema(database);
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error().code, Errc::unsupported);
}

TEST_F(SchemaTest, RollupsOfAnOlderDatabaseBeginWhereItsChecksEnd) {
    auto const known = sqlite_migrations();
    ASSERT_TRUE(migrate(database, known.first(2)));
    ASSERT_TRUE(
        database.execute("INSERT INTO hub VALUES (1, 'hub-main');"
                         "INSERT INTO service (key, hub, id, name, interval_ms, timeout_ms) VALUES"
                         " (7, 1, 70, 'app', 10000, 5000), (8, 1, 80, '#80', NULL, NULL);"
                         "INSERT INTO check_slot (start_at, min_at, max_at, size) VALUES"
                         " (1795320000000, 1795320000000, 1795326900000, 9)"));
    ASSERT_TRUE(migrate(database, known));
    EXPECT_EQ(rows_of(database, "SELECT service, reach_ms FROM rollup_watch", 2), Texts{"7|25000"});
    EXPECT_EQ(rows_of(database,
                      "SELECT name, since <= 1795327200000, since % 3600000, since > 0"
                      " FROM history_level ORDER BY name",
                      4),
              (Texts{"check|1|0|0", "hour|1|0|1", "minute|1|0|1"}));
}

TEST(SqliteMigrations, HaveVersionsWithoutGaps) {
    int expected = 0;
    for (auto const& migration : sqlite_migrations()) {
        EXPECT_EQ(migration.version, ++expected);
        EXPECT_FALSE(migration.sql.empty());
    }
    EXPECT_GE(expected, 2);
    EXPECT_EQ(sqlite_schema_version(), expected);
}

}  // namespace
}  // namespace muster
