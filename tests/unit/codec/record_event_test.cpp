#include <muster/codec/record_event.hpp>

#include <gtest/gtest.h>

#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::a_project;
using testing::a_service;
using testing::kStart;

TEST(RecordEvent, OfATransitionWeighsItsService) {
    auto const service = a_service(17, a_project(3, "shop"), "db");
    auto const transition = testing::went(service, HealthStatus::up, HealthStatus::down, kStart);
    auto const grave = event_of(transition, true);
    ASSERT_TRUE(grave);
    EXPECT_EQ(grave->type, EventType::status_changed);
    EXPECT_EQ(grave->severity, Severity::critical);
    EXPECT_EQ(grave->project, "shop");
    EXPECT_EQ(grave->service, "db");
    EXPECT_EQ(grave->description, "down after 1 failed check: connection refused");
    EXPECT_EQ(event_of(transition, false)->severity, Severity::warning);
}

TEST(RecordEvent, OfANewServiceSaysHowItIsChecked) {
    auto const service = a_service(17, a_project(3, "shop"), "db");
    auto const event = event_of(ServiceChanged{service, true}, false);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, EventType::service_registered);
    EXPECT_EQ(event->severity, Severity::info);
    EXPECT_EQ(event->description, "registered: http://127.0.0.1:3010/health every 30s");
    EXPECT_EQ(event->metadata_json,
              R"({"type":"api","probe":"http","target":"http://127.0.0.1:3010/health",)"
              R"("interval":"30s","critical":true,"owner":"file"})");
}

TEST(RecordEvent, OfAnOverlaySaysWhyAndWhoIsAtFault) {
    OverlayChanged changed{{17},      "shop", "web", Overlay::unreachable, true, "shop/db is down",
                           "shop/db", kStart};
    auto const came = event_of(changed, false);
    ASSERT_TRUE(came);
    EXPECT_EQ(came->type, EventType::status_changed);
    EXPECT_EQ(came->severity, Severity::warning);
    EXPECT_EQ(came->description, "unreachable: shop/db is down");
    EXPECT_EQ(came->metadata_json, R"({"overlay":"unreachable","on":true,)"
                                   R"("why":"shop/db is down","rootCause":"shop/db"})");
    changed.on = false;
    changed.why.clear();
    auto const went = event_of(changed, false);
    EXPECT_EQ(went->severity, Severity::info);
    EXPECT_EQ(went->description, "no longer unreachable");
}

TEST(RecordEvent, OfAReloadCountsWhatItTouched) {
    auto const event = event_of(ConfigReloaded{1, 2, 3, kStart}, false);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, EventType::config_reloaded);
    EXPECT_EQ(event->description, "configuration reloaded: 1 added, 2 changed, 3 removed");
}

TEST(RecordEvent, OfALossNamesTheRecordsAndTheFollower) {
    auto const event = event_of(Gap{5, 9, "bus", "the journal was full", kStart}, false);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, EventType::hub_problem);
    EXPECT_EQ(event->description, "records 5 to 9 were lost (bus): the journal was full");
    EXPECT_EQ(event->metadata_json, R"({"what":"gap","from":5,"to":9,"follower":"bus"})");
}

TEST(RecordEvent, IsNotMadeOfWhatHappensAllTheTime) {
    auto const project = a_project(3, "shop");
    EXPECT_FALSE(event_of(testing::passed_check(ServiceId{17}, kStart), true));
    EXPECT_FALSE(event_of(ProjectMetrics{}, true));
    EXPECT_FALSE(event_of(ProjectChanged{project, true}, true));
    EXPECT_FALSE(event_of(ServiceChanged{a_service(17, project, "db"), false}, true));
    EXPECT_FALSE(event_of(HubStarted{}, true));
    EXPECT_FALSE(event_of(HubStopped{}, true));
}

}  // namespace
}  // namespace muster
