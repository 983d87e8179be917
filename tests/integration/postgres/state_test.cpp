// How services stand, which is written only when it changes.

#include <integration/postgres/postgres_test.hpp>

namespace muster::testing {
namespace {

class PostgresState : public PostgresTest {
public:
    PostgresState() {
        auto const project = a_project(1, "shop");
        story.tell(ProjectChanged{project, true});
        story.tell(ServiceChanged{a_service(7, project, "app"), true});
    }

    void store_all() {
        auto const taken = store->append(story.batch());
        EXPECT_TRUE(taken) << taken.error().message;
    }
    /// Which row version holds the state: another one after each write.
    [[nodiscard]] std::string version() const {
        return ask("SELECT ctid, xmin FROM muster.service_state");
    }
    [[nodiscard]] std::string shown() const {
        return ask(
            "SELECT health_status, consecutive_failures, health_details->>'error',"
            " last_health_check FROM services");
    }

    std::unique_ptr<PostgresResultStore> store = open();
    RecordStory story;
    ServiceId const app{7};
};

TEST_F(PostgresState, IsWrittenWhenItChanges) {
    story.tell(passed_check(app, kStart + 10s));
    store_all();
    auto const first = version();
    story.tell(passed_check(app, kStart + 20s));
    store_all();
    EXPECT_EQ(version(), first);
    story.tell(failed_check(app, kStart + 30s, "connection refused"));
    store_all();
    EXPECT_NE(version(), first);
    EXPECT_EQ(shown(), "down|1|connection refused|2026-11-22 05:55:29.988+00");
    story.tell(failed_check(app, kStart + 40s, "timed out"));
    store_all();
    EXPECT_EQ(shown(), "down|1|timed out|2026-11-22 05:55:39.988+00");
    story.tell(passed_check(app, kStart + 50s));
    store_all();
    EXPECT_EQ(shown(), "up|0||2026-11-22 05:55:49.988+00");
}

TEST_F(PostgresState, ShowsTheNewestCheckAllTheSame) {
    story.tell(passed_check(app, kStart + 10s));
    store_all();
    auto const first = version();
    story.tell(passed_check(app, kStart + 20s)).tell(passed_check(app, kStart + 30s));
    store_all();
    EXPECT_EQ(version(), first);
    EXPECT_EQ(shown(), "up|0||2026-11-22 05:55:29.988+00");
    auto const failed = [this](WallTime at) { return failed_check(app, at, "timed out"); };
    story.tell(failed(kStart + 40s));
    store_all();
    auto const down = version();
    story.tell(failed(kStart + 50s));
    store_all();
    EXPECT_EQ(version(), down);
    EXPECT_EQ(shown(), "down|1|timed out|2026-11-22 05:55:49.988+00");
}

TEST_F(PostgresState, IsWrittenAgainAfterAnHour) {
    story.tell(passed_check(app, kStart + 10s));
    store_all();
    auto const first = version();
    story.tell(passed_check(app, kStart + 3'609s));
    store_all();
    EXPECT_EQ(version(), first);
    story.tell(passed_check(app, kStart + 3'610s));
    store_all();
    EXPECT_NE(version(), first);
    EXPECT_EQ(ask("SELECT last_check FROM muster.service_state"), "2026-11-22 06:55:09.988+00");
    // A clock that was set back.
    story.tell(passed_check(app, kStart + 60s));
    store_all();
    EXPECT_EQ(ask("SELECT last_check FROM muster.service_state"), "2026-11-22 05:55:59.988+00");
}

TEST_F(PostgresState, OfABatchThatFailedIsNotTakenForWritten) {
    story.tell(passed_check(app, kStart + 10s));
    store_all();
    story.tell(failed_check(app, kStart + 20s, "timed out"));
    auto const batch = story.batch();
    (void)ask("ALTER TABLE muster.follower ADD CONSTRAINT stuck CHECK (seq < 0) NOT VALID");
    auto const refused = store->append(batch);
    ASSERT_FALSE(refused);
    (void)ask("ALTER TABLE muster.follower DROP CONSTRAINT stuck");
    ASSERT_TRUE(store->append(batch));
    EXPECT_EQ(shown(), "down|1|timed out|2026-11-22 05:55:19.988+00");
}

}  // namespace
}  // namespace muster::testing
