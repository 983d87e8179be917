#include <contract/store_under_test.hpp>

#include <algorithm>

namespace muster::testing {
namespace {

using StoreChecks = StoreContract;

INSTANTIATE_TEST_SUITE_P(Stores, StoreChecks, ::testing::ValuesIn(stores_under_test()),
                         name_of_store);

std::vector<WallTime> times_of(std::vector<CheckRow> const& rows) {
    std::vector<WallTime> times;
    for (auto const& row : rows) {
        times.push_back(row.recorded_at);
    }
    return times;
}

TEST_P(StoreChecks, AreShownAsTheyWereAccepted) {
    auto failed = failed_check(app.id, kStart, "HTTP error: 503 – überlastet");
    failed.started_at = kStart - Millis(5'001);
    failed.outcome.response_time = Micros(5'000'400);
    failed.uptime_percent = 98.7654;
    story.tell(failed);
    append();

    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].project, "shop");
    EXPECT_EQ(rows[0].service, "app");
    EXPECT_EQ(rows[0].status, HealthStatus::down);
    EXPECT_EQ(rows[0].last_check, kStart - Millis(5'001));
    EXPECT_EQ(rows[0].recorded_at, kStart);
    EXPECT_NEAR(rows[0].uptime_percent, 98.7654, 0.00005);
    EXPECT_EQ(rows[0].response_time, Millis(5'000));
    EXPECT_EQ(rows[0].error, "HTTP error: 503 – überlastet");
}

TEST_P(StoreChecks, ThatPassedHaveNoError) {
    story.tell(passed_check(app.id, kStart));
    append();
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].status, HealthStatus::up);
    EXPECT_EQ(rows[0].uptime_percent, 100);
    EXPECT_EQ(rows[0].error, "");
}

TEST_P(StoreChecks, NeverRoundAnAlmostPerfectUptimeToAPerfectOne) {
    auto almost = passed_check(app.id, kStart);
    almost.uptime_percent = 99.9999999;
    auto hardly = passed_check(app.id, kStart + 1s);
    hardly.uptime_percent = 0.0000001;
    story.tell(almost).tell(hardly);
    append();
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_LT(rows[0].uptime_percent, 100);
    EXPECT_GT(rows[1].uptime_percent, 0);
}

TEST_P(StoreChecks, ComeOldestFirstOverAllServicesOfTheProject) {
    story.tell(passed_check(app.id, kStart + 20s));
    story.tell(passed_check(db.id, kStart + 10s));
    story.tell(passed_check(posts.id, kStart + 11s));
    append();
    story.tell(passed_check(db.id, kStart + 15s));
    story.tell(passed_check(app.id, kStart));
    append();
    EXPECT_EQ(times_of(checks_of_shop()),
              (std::vector{kStart, kStart + 10s, kStart + 15s, kStart + 20s}));
}

TEST_P(StoreChecks, OfTheSameMomentComeInTheOrderOfTheJournal) {
    story.tell(passed_check(db.id, kStart));
    story.tell(failed_check(app.id, kStart, "connection refused"));
    append();
    story.tell(passed_check(app.id, kStart));
    append();
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].service, "db");
    EXPECT_EQ(rows[1].status, HealthStatus::down);
    EXPECT_EQ(rows[2].status, HealthStatus::up);
}

TEST_P(StoreChecks, OfARangeIncludeItsBeginningAndNotItsEnd) {
    for (int second = 0; second < 5; ++second) {
        story.tell(passed_check(app.id, kStart + std::chrono::seconds(second)));
    }
    append();
    auto const rows = checks({shop.id, {}, kStart + 1s, kStart + 3s});
    EXPECT_EQ(times_of(rows), (std::vector{kStart + 1s, kStart + 2s}));
    EXPECT_TRUE(checks({shop.id, {}, kStart + 1s, kStart + 1s}).empty());
    EXPECT_EQ(checks({shop.id, {}, kStart + 4s, WallTime::max()}).size(), 1U);
    EXPECT_EQ(checks({shop.id, {}, WallTime::min(), WallTime::max()}).size(), 5U);
}

TEST_P(StoreChecks, CanBeNarrowedToOneService) {
    story.tell(passed_check(app.id, kStart)).tell(passed_check(db.id, kStart));
    append();
    auto const rows = checks({shop.id, db.id});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].service, "db");
    EXPECT_TRUE(checks({shop.id, posts.id}).empty());
}

TEST_P(StoreChecks, OfAnUnknownProjectAreNone) {
    EXPECT_TRUE(checks({ProjectId{99}, {}}).empty());
}

TEST_P(StoreChecks, EndWhenTheVisitorHasSeenEnough) {
    for (int second = 0; second < 5; ++second) {
        story.tell(passed_check(app.id, kStart + std::chrono::seconds(second)));
    }
    append();
    int seen = 0;
    auto const read = under_test->reader({})->checks({shop.id, {}}, [&seen](CheckRow const&) {
        ++seen;
        return seen < 2;
    });
    EXPECT_TRUE(read);
    EXPECT_EQ(seen, 2);
}

TEST_P(StoreChecks, StayInOrderOfTimeWhenTheClockIsSetBack) {
    for (auto const jump : {0h, -1h, -48h, 2h, -3h}) {
        for (int second = 0; second < 3; ++second) {
            story.tell(passed_check(app.id, kStart + jump + std::chrono::seconds(second)));
            story.tell(passed_check(db.id, kStart + jump + std::chrono::seconds(second)));
        }
        append();
    }
    auto const times = times_of(checks_of_shop());
    EXPECT_EQ(times.size(), 30U);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
}

TEST_P(StoreChecks, StayInOrderOfTimeWhenTheClockVisitsAnotherCentury) {
    auto const far = kStart + std::chrono::years(100);
    story.tell(passed_check(app.id, kStart)).tell(passed_check(app.id, far));
    story.tell(passed_check(app.id, kStart + 2s));
    append();
    EXPECT_EQ(times_of(checks_of_shop()), (std::vector{kStart, kStart + 2s, far}));
}

TEST_P(StoreChecks, ThatSayNothingOfTheirTargetAreLeftOut) {
    auto own_fault = passed_check(app.id, kStart);
    own_fault.outcome.verdict = Verdict::not_counted;
    story.tell(own_fault).tell(passed_check(app.id, kStart + 1s));
    append();
    EXPECT_EQ(times_of(checks_of_shop()), std::vector{kStart + 1s});
}

TEST_P(StoreChecks, AreShownUnderTheNamesOfToday) {
    story.tell(passed_check(app.id, kStart));
    append();
    shop.spec.name = "store";
    app.spec.project = "store";
    app.spec.name = "web";
    story.tell(ProjectChanged{shop, false}).tell(ServiceChanged{app, false});
    append();
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].project, "store");
    EXPECT_EQ(rows[0].service, "web");
}

TEST_P(StoreChecks, OutliveTheirService) {
    story.tell(passed_check(app.id, kStart));
    story.tell(ServiceRemoved{app.id, "shop", "app", kStart + 1s});
    story.tell(ServiceRemoved{db.id, "shop", "db", kStart + 1s});
    story.tell(ProjectRemoved{shop.id, "shop", kStart + 1s});
    story.tell(passed_check(app.id, kStart + 2s));  // came late
    append();
    under_test->reopen();
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].project, "shop");
    EXPECT_EQ(rows[1].service, "app");
}

TEST_P(StoreChecks, OfAnUnknownServiceAreKeptUntilItIsKnown) {
    auto const cart = a_service(17, shop, "cart");
    story.tell(passed_check(cart.id, kStart));
    append();
    EXPECT_TRUE(checks_of_shop().empty());
    story.tell(ServiceChanged{cart, true});
    append();
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].service, "cart");
}

TEST_P(StoreChecks, OfBigBatchesAreAllThere) {
    constexpr int kServices = 40;
    constexpr int kRounds = 1'500;
    std::vector<Service> services;
    for (int index = 0; index < kServices; ++index) {
        services.push_back(a_service(100 + index, blog, "part-" + std::to_string(index)));
        story.tell(ServiceChanged{services.back(), true});
    }
    append();
    for (int round = 0; round < kRounds; ++round) {
        for (auto const& service : services) {
            story.tell(passed_check(service.id, kStart + std::chrono::seconds(round)));
        }
        if (round % 500 == 499) {
            append();
        }
    }
    auto const all = checks({blog.id, {}});
    EXPECT_EQ(all.size(), std::size_t{kServices} * kRounds);
    auto const times = times_of(all);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    auto const one = checks({blog.id, services[7].id, kStart + 100s, kStart + 1'100s});
    EXPECT_EQ(one.size(), 1'000U);
}

}  // namespace
}  // namespace muster::testing
