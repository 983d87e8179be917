#include <muster/api/last_checks.hpp>

#include <gtest/gtest.h>

#include <muster/memory/memory_store.hpp>
#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::kStart;
using testing::passed_check;

class LastChecks : public ::testing::Test {
protected:
    LastChecks() { story.tell(ProjectChanged{shop, true}).tell(ServiceChanged{app, true}); }

    std::vector<CheckRow> last(std::size_t limit, WallTime now) {
        EXPECT_TRUE(store.append(story.batch()));
        auto const reader = store.reader();
        auto rows = read_last_checks(*reader, shop.id, app.id, limit, 1s, now);
        EXPECT_TRUE(rows);
        return rows.value_or(std::vector<CheckRow>{});
    }

    MemoryStore store;
    testing::RecordStory story;
    Project shop = testing::a_project(1, "shop");
    Service app = testing::a_service(1, shop, "app");
};

TEST_F(LastChecks, AreTheNewestNewestFirst) {
    for (int second = 0; second < 10; ++second) {
        story.tell(passed_check(app.id, kStart + std::chrono::seconds(second)));
    }
    auto const rows = last(3, kStart + 10s);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].recorded_at, kStart + 9s);
    EXPECT_EQ(rows[2].recorded_at, kStart + 7s);
}

TEST_F(LastChecks, AreFoundHoweverLongAgoTheyWere) {
    story.tell(passed_check(app.id, kStart)).tell(passed_check(app.id, kStart + 24h * 100));
    auto const rows = last(100, kStart + 24h * 400);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].recorded_at, kStart);
}

TEST_F(LastChecks, MayBeNone) {
    EXPECT_TRUE(last(100, kStart).empty());
}

}  // namespace
}  // namespace muster
