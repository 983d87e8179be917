// Retention of partitions as large as tests do not fill: their size is what their account says.

#include <integration/postgres/postgres_test.hpp>
#include <muster/testing/record_story.hpp>

namespace muster::testing {
namespace {

class PostgresRetention : public PostgresTest {
public:
    /// Ten checks a day that pass, and one that fails.
    void fill(ResultStore& store, int days) {
        RecordStory story;
        auto const project = a_project(1, "shop");
        story.tell(ProjectChanged{project, true});
        story.tell(ServiceChanged{a_service(7, project, "app"), true});
        for (int day = 0; day < days; ++day) {
            for (int minute = 0; minute < 10; ++minute) {
                story.tell(passed_check({7}, at(day) + std::chrono::minutes(minute)));
            }
            story.tell(failed_check({7}, at(day) + 10min, "connection refused"));
        }
        ASSERT_TRUE(store.append(story.batch()));
    }
    static WallTime at(int day) { return kStart + 24h * day; }

    void weigh(std::string const& part, std::int64_t megabytes) const {
        (void)ask("UPDATE muster.part SET bytes = " + std::to_string(megabytes << 20) +
                  " WHERE name = '" + part + "'");
    }

    /// Forgets until there is no more. Slices that removed something.
    static int forget(ResultStore& store, std::uint64_t megabytes) {
        ResultStore::Retention retention;
        retention.checks_bytes = megabytes << 20U;
        for (int slices = 0; slices < 100; ++slices) {
            auto const more = store.forget(retention);
            EXPECT_TRUE(more) << more.error().message;
            if (!more || !*more) {
                return slices;
            }
        }
        ADD_FAILURE() << "there is always more";
        return 100;
    }

    std::string days() const {
        return ask("SELECT date(recorded_at), count(*) FROM health_checks GROUP BY 1 ORDER BY 1");
    }
};

TEST_F(PostgresRetention, BySizeDropsDaysThatAreTooMuchAsAWhole) {
    auto const store = open();
    fill(*store, 3);
    weigh("check_passed_20261122", 100);
    weigh("check_passed_20261123", 100);
    weigh("check_passed_20261124", 100);
    EXPECT_EQ(forget(*store, 150), 1);
    EXPECT_EQ(days(), "2026-11-22|1\n2026-11-23|11\n2026-11-24|11");
}

TEST_F(PostgresRetention, BySizeLeavesALargeDayUntilAllOfItIsTooMuch) {
    auto const store = open();
    fill(*store, 1);
    weigh("check_passed_20261122", 100);
    EXPECT_EQ(forget(*store, 90), 0) << "rows of a large partition are never looked for";
    EXPECT_EQ(days(), "2026-11-22|11") << "what failed does not go first";
}

TEST_F(PostgresRetention, BySizeRemovesTheOldestRowsOfASmallDay) {
    auto const store = open();
    fill(*store, 1);
    ResultStore::Retention retention;
    retention.checks_bytes = 900;  // of 10 x 103, and more for the failure
    auto const more = store->forget(retention);
    ASSERT_TRUE(more) << more.error().message;
    EXPECT_TRUE(*more);
    EXPECT_EQ(ask("SELECT count(*) < 11, count(*) > 5, count(*) FILTER (WHERE status = 'down')"
                  " FROM health_checks"),
              "t|t|1");
}

TEST_F(PostgresRetention, FindsAnAccountWrongWhereThereAreNoRows) {
    auto const store = open();
    fill(*store, 1);
    (void)ask("DELETE FROM muster.check_passed");
    ResultStore::Retention retention;
    retention.checks_bytes = 200;  // so the day is not dropped as a whole
    EXPECT_TRUE(store->forget(retention));
    EXPECT_EQ(ask("SELECT bytes FROM muster.part WHERE name = 'check_passed_20261122'"), "0");
}

}  // namespace
}  // namespace muster::testing
