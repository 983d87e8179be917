#include <muster/sqlite/history_level.hpp>

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <muster/sqlite/result_store.hpp>
#include <muster/testing/record_story.hpp>
#include <muster/testing/temporary_folder.hpp>
#include <unit/sqlite/rows.hpp>

namespace muster {
namespace {

using testing::kStart;

/// Two hours of a hundred services that are checked every ten seconds and answer within 15-45 ms.
class HistoryLevelTest : public ::testing::Test {
protected:
    static constexpr int kServices = 100;
    static constexpr int kMinutesHeld = 120;

    void SetUp() override {
        auto opened = SqliteResultStore::open(path);
        ASSERT_TRUE(opened) << opened.error().message;
        store = std::move(*opened);
        RollupBatch rolled;
        rolled.hub_id = story.hub_id();
        rolled.known_until = kStart + std::chrono::minutes(kMinutesHeld);
        for (int minute = 0; minute < kMinutesHeld; ++minute) {
            for (int service = 1; service <= kServices; ++service) {
                RollupRow row{ServiceId{service}, kStart + std::chrono::minutes(minute), {}};
                for (int check = 0; check < 6; ++check) {
                    auto result = testing::passed_check(row.service, row.minute + check * 10s);
                    result.outcome.response_time = Micros(15'000 + (drawn += 7'919) % 30'000);
                    add_check(row.seen, HealthStatus::up, result.outcome.response_time);
                    story.tell(result);
                }
                row.seen.observed = 60s;
                rolled.rows.push_back(std::move(row));
            }
        }
        auto const batch = story.batch();
        ASSERT_TRUE(store->append(batch));
        rolled.next = batch.next;
        ASSERT_TRUE(store->roll_up(rolled));
    }

    std::int64_t number(std::string const& sql) {
        auto database = testing::open_database(path);
        return database.compile(sql)->bind().number()->value_or(0);
    }

    /// What the file says, and what the account says.
    void expect_true_account(std::string const& level, std::string const& table) {
        auto const real = number("SELECT sum(pgsize) FROM dbstat WHERE name = '" + table + "'");
        auto const said = number("SELECT bytes FROM history_level WHERE name = '" + level + "'");
        auto const rows = number("SELECT count(*) FROM " + table);
        ASSERT_GT(rows, 0);
        RecordProperty(level + "_bytes_a_row", static_cast<int>(real / rows));
        EXPECT_NEAR(static_cast<double>(said), static_cast<double>(real),
                    0.25 * static_cast<double>(real))
            << level << ": " << real / rows << " bytes a row";
    }

    testing::TemporaryFolder folder;
    std::string path = folder / "muster.db";
    std::unique_ptr<SqliteResultStore> store;
    testing::RecordStory story;
    std::int64_t drawn{0};
};

TEST_F(HistoryLevelTest, AccountsAreWhatTheFileTakes) {
    expect_true_account("check", "check_result");
    expect_true_account("minute", "rollup_minute");
    // Hours are fewer than a page is worth here, but for their sketches.
    EXPECT_EQ(number("SELECT sum(26 + length(sketch)) FROM rollup_hour"),
              number("SELECT bytes FROM history_level WHERE name = 'hour'"));
}

TEST_F(HistoryLevelTest, AccountsAreEmptyOnceEverythingIsGone) {
    // An account is in bytes, and this has more of them than characters.
    story.tell(testing::failed_check(ServiceId{1}, kStart, "não há rota até o serviço «æøå»"));
    ASSERT_TRUE(store->append(story.batch()));
    ResultStore::Retention retention;
    retention.checks_before = kStart + 24h;
    retention.failures_before = kStart + 24h;
    retention.minutes_before = kStart + 24h;
    retention.hours_before = kStart + 24h;
    auto more = store->forget(retention);
    int slices = 0;
    while (more && *more) {
        ++slices;
        more = store->forget(retention);
    }
    ASSERT_TRUE(more) << more.error().message;
    EXPECT_GE(slices, 10) << "12,000 minutes and as many slots of checks as there are";
    EXPECT_EQ(number("SELECT count(*) FROM check_result"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM rollup_minute"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM rollup_hour"), 0);
    EXPECT_EQ(number("SELECT sum(bytes) FROM history_level"), 0);
}

}  // namespace
}  // namespace muster
