#include <muster/registry/difference.hpp>

#include "wishes.hpp"

namespace muster {
namespace {

using namespace testing;

TEST(Difference, NamesEverySettingOfAServiceByItsKey) {
    auto const before = service_wish("shop", "db");
    auto after = before;
    after.name = "other";
    EXPECT_EQ(difference(before, after), Lines{});
    after.type = ServiceType::database;
    after.probe = TcpProbeSpec{{"db", 5432}};
    after.connection = ConnectionPolicy::fresh;
    after.policy = {9, 9, Millis(9), Millis(9), Millis(9), {1, 2}, 9, Millis(9)};
    after.critical = !before.critical;
    after.tags = {"eu"};
    after.group = "front";
    after.depends_on = {{"shop", "app", false}};
    after.metadata = {{"team", "ops"}};
    after.capabilities = {"orders"};
    after.version = "2";
    after.port = 5432;
    after.container_id = "c0ffee";
    EXPECT_EQ(difference(before, after), (Lines{"type",
                                                "probe",
                                                "connection",
                                                "interval",
                                                "timeout",
                                                "retries",
                                                "successThreshold",
                                                "degradedAbove",
                                                "failuresOf",
                                                "hysteresis",
                                                "grace",
                                                "critical",
                                                "tags",
                                                "group",
                                                "dependsOn",
                                                "metadata",
                                                "capabilities",
                                                "version",
                                                "port",
                                                "containerId"}));
}

TEST(Difference, NamesEverySettingOfAProjectByItsKey) {
    auto const before = wish("shop");
    auto after = before;
    after.name = "store";
    after.services.clear();
    EXPECT_EQ(difference(before, after), Lines{});
    after.url.port = 3011;
    after.description = "the shop";
    after.critical = !before.critical;
    after.tags = {"eu"};
    after.group = "front";
    after.status_path = "/s";
    after.logs_path = "/l";
    after.metrics.reset();
    EXPECT_EQ(difference(before, after), (Lines{"url", "description", "critical", "tags", "group",
                                                "statusPath", "logsPath", "metrics"}));
}

}  // namespace
}  // namespace muster
