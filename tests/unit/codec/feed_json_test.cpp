#include <muster/codec/feed_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kAt{Millis(1'700'000'000'000)};

std::string shown(RecordBody body) {
    std::string out = "before";
    bool const taken = append_feed_record(out, Record{{3, 17}, std::move(body)});
    EXPECT_EQ(taken, out != "before");
    return out.substr(6);
}

TEST(FeedJson, ReadsAndWritesPlaces) {
    EXPECT_EQ(position_text({1'700'000'000, 42}), "1700000000:42");
    EXPECT_EQ(parse_position("1700000000:42"), (Position{1'700'000'000, 42}));
    for (auto const* wrong : {"", ":", "1", "1:", ":1", "1:0", "-1:2", "1:2 ", "1:2:3", "a:b",
                              "99999999999999999999:1"}) {
        EXPECT_FALSE(parse_position(wrong)) << wrong;
    }
}

TEST(FeedJson, ShowsResultsWithWhatTheyLedTo) {
    CheckResult result;
    result.service = ServiceId{7};
    result.started_at = kAt;
    result.accepted_at = kAt + 5ms;
    result.outcome.verdict = Verdict::failed;
    result.outcome.error = "connection refused";
    result.outcome.response_time = Micros(1'250);
    result.after = {HealthStatus::down, 4, 0};
    result.uptime_percent = 99.5;
    EXPECT_EQ(shown(result),
              R"({"epoch":3,"seq":17,"kind":"result","serviceId":7,"verdict":"failed",)"
              R"("status":"down","consecutiveFailures":4,"startedAt":"2023-11-14T22:13:20.000Z",)"
              R"("at":"2023-11-14T22:13:20.005Z","responseTimeMs":1.25,)"
              R"("error":"connection refused","uptime":99.5})");
}

TEST(FeedJson, ShowsTheRegistryWithoutSecrets) {
    Project project;
    project.id = ProjectId{2};
    project.spec.name = "shop";
    project.spec.url = parse_url("http://me:s3cret@host/?token=t0ken").value();
    auto const text = shown(ProjectChanged{project, true});
    EXPECT_EQ(text.substr(0, 62),
              R"({"epoch":3,"seq":17,"kind":"project_changed","added":true,"pro)");
    EXPECT_EQ(text.find("s3cret"), std::string::npos);
    EXPECT_EQ(text.find("t0ken"), std::string::npos);
    EXPECT_EQ(shown(ServiceRemoved{ServiceId{7}, "shop", "app", kAt}),
              R"({"epoch":3,"seq":17,"kind":"service_removed","serviceId":7,"project":"shop",)"
              R"("service":"app","at":"2023-11-14T22:13:20.000Z"})");
}

TEST(FeedJson, TellsOfLossesOfTheJournalOnly) {
    EXPECT_EQ(shown(Gap{5, 9, "journal", "disk full", kAt}),
              R"({"epoch":3,"seq":17,"kind":"gap","from":5,"to":9,"why":"disk full",)"
              R"("at":"2023-11-14T22:13:20.000Z"})");
    EXPECT_EQ(shown(Gap{5, 9, "bus", "trimmed", kAt}), "");
}

TEST(FeedJson, LeavesOutWhatIsNobodyElsesBusiness) {
    EXPECT_EQ(shown(ProjectMetrics{}), "");
    EXPECT_EQ(shown(HubProblem{}), "");
    EXPECT_EQ(shown(ConfigReloaded{}), "");
}

TEST(FeedJson, SnapshotHoldsTheRegistryAsItIs) {
    FeedSnapshot snapshot;
    std::string empty;
    append_feed_snapshot(empty, snapshot);
    EXPECT_EQ(empty, R"({"projects":[],"services":[],"maintenance":[]})");

    auto service = std::make_shared<Service>();
    service->id = ServiceId{7};
    service->spec.name = "app";
    ServiceView view;
    view.status = HealthStatus::down;
    snapshot.services.push_back({service, view});
    snapshot.services.push_back({service, std::nullopt});
    std::string text;
    append_feed_snapshot(text, snapshot);
    EXPECT_NE(text.find(R"("status":"down")"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("status":"unknown")"), std::string::npos) << text;
}

}  // namespace
}  // namespace muster
