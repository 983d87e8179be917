#include <muster/storage/migration.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr Migration kFirst{1, "first", "CREATE TABLE a (x int)"};
constexpr Migration kSecond{2, "second", "CREATE TABLE b (x int)"};
std::vector<Migration> const kKnown{kFirst, kSecond};

std::vector<int> versions_of(Result<std::vector<Migration>> const& missing) {
    std::vector<int> versions;
    for (auto const& migration : missing.value()) {
        versions.push_back(migration.version);
    }
    return versions;
}

TEST(Migrations, AreAllMissingInAnEmptyDatabase) {
    EXPECT_EQ(versions_of(missing_migrations(kKnown, {})), (std::vector{1, 2}));
}

TEST(Migrations, AreMissingWhereTheyWereNotApplied) {
    EXPECT_EQ(versions_of(missing_migrations(kKnown, {{1, checksum_of(kFirst)}})), std::vector{2});
    EXPECT_TRUE(
        missing_migrations(kKnown, {{1, checksum_of(kFirst)}, {2, checksum_of(kSecond)}})->empty());
}

TEST(Migrations, RefuseADatabaseThatIsNewer) {
    auto const refused = missing_migrations(kKnown, {{3, "whatever"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_EQ(refused.error().message,
              "the database's schema is version 3, this program knows versions up to 2: use the "
              "newer program that wrote it");
}

TEST(Migrations, RefuseAStepThatWasChangedSinceItWasApplied) {
    auto const refused = missing_migrations(kKnown, {{1, checksum_of(kSecond)}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "migration V001__first was changed after this database had applied it");
}

TEST(Migrations, SayWhetherADatabaseCanBeWorkedWith) {
    EXPECT_TRUE(check_version(2, kKnown));
    EXPECT_EQ(check_version(1, kKnown).error().code, Errc::unavailable);
    EXPECT_EQ(check_version(3, kKnown).error().code, Errc::unsupported);
}

TEST(Migrations, HaveAChecksumThatNeverChanges) {
    EXPECT_EQ(checksum_of({1, "x", "SELECT 1"}), checksum_of({2, "y", "SELECT 1"}));
    EXPECT_EQ(checksum_of({1, "x", ""}).size(), 16U);
    EXPECT_NE(checksum_of({1, "x", "SELECT 1"}), checksum_of({1, "x", "SELECT 1 "}));
}

}  // namespace
}  // namespace muster
