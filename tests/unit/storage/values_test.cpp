#include <muster/storage/check_values.hpp>
#include <muster/storage/registry_values.hpp>

#include <gtest/gtest.h>

#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

TEST(StoredUptime, IsToldAsDowntimeWithFourDecimals) {
    EXPECT_EQ(downtime_ppm(100), 0);
    EXPECT_EQ(downtime_ppm(98.7654), 12'346);
    EXPECT_EQ(downtime_ppm(0), 1'000'000);
    EXPECT_DOUBLE_EQ(uptime_of(12'346), 98.7654);
    EXPECT_DOUBLE_EQ(uptime_of(0), 100);
}

TEST(StoredUptime, IsNeverRoundedToPerfectOrNothing) {
    EXPECT_EQ(downtime_ppm(99.99999999), 1);
    EXPECT_EQ(downtime_ppm(0.00000001), 999'999);
    EXPECT_EQ(downtime_ppm(123), 0);
    EXPECT_EQ(downtime_ppm(-1), 1'000'000);
}

TEST(StoredService, HasThePortThatPeopleToldOrTheProbes) {
    auto service = testing::a_service(1, testing::a_project(1, "shop"), "app");
    EXPECT_EQ(stored_port(service.spec), 3010);
    service.spec.port = 9;
    EXPECT_EQ(stored_port(service.spec), 9);
}

TEST(StoredService, HasAMethodWhereItIsAskedByHttp) {
    auto service = testing::a_service(1, testing::a_project(1, "shop"), "app");
    EXPECT_EQ(stored_method(service.spec), "GET");
    service.spec.probe = TcpProbeSpec{{"127.0.0.1", 25}};
    EXPECT_EQ(stored_method(service.spec), std::nullopt);
    EXPECT_EQ(name_or_id("", 17), "#17");
    EXPECT_EQ(name_or_id("db", 17), "db");
}

}  // namespace
}  // namespace muster
