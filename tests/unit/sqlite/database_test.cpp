#include <muster/sqlite/database.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <muster/testing/temporary_folder.hpp>
#include <unit/sqlite/rows.hpp>

namespace muster {
namespace {

using testing::rows_of;
using testing::TemporaryFolder;

class DatabaseTest : public ::testing::Test {
public:
    TemporaryFolder folder;
    std::string path = folder / "test.db";
    SqliteDatabase database = testing::open_database(path);
};

TEST(SqliteErrors, SayWhatToDo) {
    EXPECT_EQ(errc_of_sqlite(SQLITE_FULL), Errc::full);
    EXPECT_EQ(errc_of_sqlite(SQLITE_BUSY_SNAPSHOT), Errc::unavailable);
    EXPECT_EQ(errc_of_sqlite(SQLITE_LOCKED), Errc::unavailable);
    EXPECT_EQ(errc_of_sqlite(SQLITE_IOERR_FSYNC), Errc::unavailable);
    EXPECT_EQ(errc_of_sqlite(SQLITE_CANTOPEN_ISDIR), Errc::unavailable);
    EXPECT_EQ(errc_of_sqlite(SQLITE_CONSTRAINT_CHECK), Errc::invalid);
    EXPECT_EQ(errc_of_sqlite(SQLITE_MISMATCH), Errc::invalid);
    EXPECT_EQ(errc_of_sqlite(SQLITE_TOOBIG), Errc::invalid);
    EXPECT_EQ(errc_of_sqlite(SQLITE_CORRUPT_INDEX), Errc::corrupt);
    EXPECT_EQ(errc_of_sqlite(SQLITE_NOTADB), Errc::corrupt);
    EXPECT_EQ(errc_of_sqlite(SQLITE_INTERRUPT), Errc::timed_out);
    EXPECT_EQ(errc_of_sqlite(SQLITE_MISUSE), Errc::internal);
}

TEST_F(DatabaseTest, IsForItsOwnerOnly) {
    ASSERT_TRUE(database.execute("CREATE TABLE t (a)"));
    constexpr auto kOthers = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    for (auto const* end : {"", "-wal", "-shm"}) {
        auto const status = std::filesystem::status(path + end);
        ASSERT_TRUE(std::filesystem::exists(status)) << end;
        EXPECT_EQ(status.permissions() & kOthers, std::filesystem::perms::none) << end;
    }
}

TEST_F(DatabaseTest, BindsEveryKindOfValueAndReadsItBack) {
    ASSERT_TRUE(database.execute("CREATE TABLE t (a, b, c, d, e, f)"));
    std::optional<std::string_view> const nothing;
    std::string const text = "grüße";
    auto& insert = database.statement("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    ASSERT_TRUE(insert.bind(-5, 2.5, text, nothing, true, std::string_view()).run());
    auto const read = database.statement("SELECT a, b, c, d IS NULL, e, f = '' FROM t")
                          .bind()
                          .each([&](SqliteStatement const& row) {
                              EXPECT_EQ(row.integer(0), -5);
                              EXPECT_EQ(row.real(1), 2.5);
                              EXPECT_EQ(row.text(2), text);
                              EXPECT_EQ(row.integer(3), 1);
                              EXPECT_EQ(row.integer(4), 1);
                              EXPECT_EQ(row.integer(5), 1) << "an empty text is not null";
                          });
    EXPECT_TRUE(read);
}

TEST_F(DatabaseTest, TellsABadStatementOnlyWhenItRuns) {
    auto const result = database.compile("SELECT nonsense")->bind().run();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::internal);
    EXPECT_NE(result.error().message.find("nonsense"), std::string::npos);
}

TEST_F(DatabaseTest, CompilesAStatementAgainThatCouldNotBeCompiledBefore) {
    auto const* const sql = "SELECT count(*) FROM later";
    EXPECT_FALSE(database.statement(sql).bind().run());
    ASSERT_TRUE(database.execute("CREATE TABLE later (a)"));
    EXPECT_EQ(database.statement(sql).bind().number()->value_or(-1), 0);
}

TEST_F(DatabaseTest, KeepsMessagesShort) {
    auto const result = database.execute("SELECT " + std::string(5'000, 'x'));
    ASSERT_FALSE(result);
    EXPECT_LE(result.error().message.size(), 300U);
}

TEST_F(DatabaseTest, RollsBackWhatIsNotCommitted) {
    ASSERT_TRUE(database.execute("CREATE TABLE t (a)"));
    {
        auto transaction = SqliteTransaction::begin(database, true);
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
    }
    EXPECT_TRUE(rows_of(database, "SELECT a FROM t").empty());
    {
        auto transaction = SqliteTransaction::begin(database, true);
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(database.execute("INSERT INTO t VALUES (2)"));
        ASSERT_TRUE(transaction->commit());
    }
    EXPECT_EQ(rows_of(database, "SELECT a FROM t"), std::vector<std::string>{"2"});
}

TEST_F(DatabaseTest, IsUnavailableWhileSomebodyElseWrites) {
    auto other = SqliteDatabase::open(path, {.busy_timeout = Millis(10)});
    ASSERT_TRUE(other);
    auto const writing = SqliteTransaction::begin(database, true);
    ASSERT_TRUE(writing);
    auto const refused = SqliteTransaction::begin(*other, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
}

TEST_F(DatabaseTest, IsSetUpAsTheStoreNeedsIt) {
    EXPECT_EQ(rows_of(database, "PRAGMA journal_mode"), std::vector<std::string>{"wal"});
    EXPECT_EQ(rows_of(database, "PRAGMA synchronous"), std::vector<std::string>{"1"});
    EXPECT_EQ(rows_of(database, "PRAGMA foreign_keys"), std::vector<std::string>{"1"});
    EXPECT_EQ(rows_of(database, "PRAGMA secure_delete"), std::vector<std::string>{"0"});
}

TEST_F(DatabaseTest, CannotWriteWhenOpenedForReading) {
    ASSERT_TRUE(database.execute("CREATE TABLE t (a)"));
    auto reader = SqliteDatabase::open(path, {.read_only = true});
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_FALSE(reader->execute("INSERT INTO t VALUES (1)"));
    EXPECT_TRUE(rows_of(*reader, "SELECT a FROM t").empty());
}

TEST_F(DatabaseTest, NoticesThatItsFileIsGone) {
    EXPECT_FALSE(database.has_moved());
    ASSERT_EQ(std::remove(path.c_str()), 0);
    EXPECT_TRUE(database.has_moved());
}

TEST_F(DatabaseTest, EndsAStatementThatIsToldToStop) {
    database.stop_when([asked = 0]() mutable { return ++asked > 3; });
    auto const endless = database.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n");
    ASSERT_FALSE(endless);
    EXPECT_EQ(endless.error().code, Errc::timed_out);
}

TEST(SqliteOpening, OfAFolderThatIsNotThereIsUnavailable) {
    TemporaryFolder const folder;
    auto const opened = SqliteDatabase::open(folder / "missing/test.db", {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::unavailable);
    EXPECT_NE(opened.error().message.find("missing/test.db"), std::string::npos);
}

TEST(SqliteOpening, OfWhatIsNoDatabaseSaysCorrupt) {
    TemporaryFolder const folder;
    auto const path = folder / "test.db";
    std::ofstream(path) << std::string(8'192, 'x');
    auto const opened = SqliteDatabase::open(path, {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace muster
