#include <muster/storage/storable.hpp>

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::kStart;

std::string refusal_of(RecordBody body) {
    auto const checked = check_storable({{2, 9}, std::move(body)});
    return checked ? "" : checked.error().message;
}

TEST(Storable, TakesWhatTheHubMakes) {
    auto const project = testing::a_project(3, "shop");
    auto const service = testing::a_service(17, project, "db");
    EXPECT_EQ(refusal_of(testing::passed_check(service.id, kStart)), "");
    EXPECT_EQ(refusal_of(testing::failed_check(service.id, kStart, "Zertifikat ungültig")), "");
    EXPECT_EQ(refusal_of(testing::went(service, HealthStatus::up, HealthStatus::down, kStart)), "");
    EXPECT_EQ(refusal_of(ProjectMetrics{project.id, kStart, {}}), "");
    EXPECT_EQ(refusal_of(ProjectChanged{project, true}), "");
    EXPECT_EQ(refusal_of(ServiceChanged{service, true}), "");
    EXPECT_EQ(refusal_of(HubStopped{kStart}), "");
}

TEST(Storable, RefusesIdsThatAreNone) {
    EXPECT_EQ(refusal_of(testing::passed_check(ServiceId{0}, kStart)),
              "record 2:9: service id 0 is not a positive number below 2^53");
    EXPECT_NE(refusal_of(ProjectMetrics{ProjectId{std::int64_t{1} << 53}, kStart, {}}), "");
    EXPECT_NE(refusal_of(ProjectRemoved{ProjectId{-1}, "shop", kStart}), "");
}

TEST(Storable, RefusesTextThatNoDatabaseTakes) {
    EXPECT_EQ(refusal_of(testing::failed_check(ServiceId{1}, kStart, "broken \xff")),
              "record 2:9: error is not UTF-8 without NUL");
    EXPECT_NE(refusal_of(HubProblem{"store", std::string("nul\0", 4), false, kStart}), "");
    EXPECT_NE(refusal_of(HubProblem{"store", std::string(2'000'000, 'x'), false, kStart}), "");
}

TEST(Storable, RefusesNumbersThatAreNone) {
    auto result = testing::passed_check(ServiceId{1}, kStart);
    result.uptime_percent = std::numeric_limits<double>::quiet_NaN();
    EXPECT_NE(refusal_of(result), "");
    ProjectMetrics metrics{ProjectId{1}, kStart, {}};
    metrics.sample.error_rate = std::numeric_limits<double>::infinity();
    EXPECT_NE(refusal_of(metrics), "");
    EXPECT_NE(refusal_of(testing::passed_check(ServiceId{1}, WallTime::max())), "");
}

}  // namespace
}  // namespace muster
