#include <cli/ask/window_request.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime const kNow = *parse_rfc3339("2026-11-22T05:00:00Z");

std::string refusal(MaintenanceAddCommand const& command) {
    auto const request = window_request(command, kNow);
    return request ? *request : request.error().message;
}

TEST(WindowRequest, BeginsNowUnlessToldOtherwise) {
    MaintenanceAddCommand command;
    command.projects = {"shop"};
    command.length = 2h;
    command.why = "moving house";
    EXPECT_EQ(window_request(command, kNow).value(),
              R"({"match":{"projects":["shop"]},"from":"2026-11-22T05:00:00.000Z",)"
              R"("until":"2026-11-22T07:00:00.000Z","why":"moving house"})");
    command.from = "2026-11-23T00:00:00+01:00";
    command.length.reset();
    command.until = "2026-11-23T00:00:00Z";
    command.why.clear();
    EXPECT_EQ(window_request(command, kNow).value(),
              R"({"match":{"projects":["shop"]},"from":"2026-11-22T23:00:00.000Z",)"
              R"("until":"2026-11-23T00:00:00.000Z"})");
}

TEST(WindowRequest, ComesBackEveryWeek) {
    MaintenanceAddCommand command;
    command.everything = true;
    command.weekly = "sun";
    command.at = "02:00";
    command.to = "04:00";
    command.zone = "Europe/Berlin";
    EXPECT_EQ(window_request(command, kNow).value(),
              R"({"match":{},"weekly":{"day":"sun","from":"02:00","to":"04:00",)"
              R"("zone":"Europe/Berlin"}})");
}

TEST(WindowRequest, SaysWhatIsMissingOrInTheWay) {
    MaintenanceAddCommand command;
    EXPECT_EQ(refusal(command).find("say what the window covers"), 0U);
    command.tags = {"eu"};
    EXPECT_EQ(refusal(command), "say when the window ends with one of --for and --until");
    command.length = 1h;
    command.until = "2026-11-23T00:00:00Z";
    EXPECT_EQ(refusal(command), "say when the window ends with one of --for and --until");
    command.length.reset();
    command.until = "2026-11-21T00:00:00Z";
    EXPECT_EQ(refusal(command),
              "the window ends at 2026-11-21T00:00:00.000Z, before it begins at "
              "2026-11-22T05:00:00.000Z");
    command.until = "tomorrow";
    EXPECT_EQ(refusal(command).find("--until: "), 0U);
    command.until.clear();
    command.length = 1h;
    command.at = "02:00";
    EXPECT_EQ(refusal(command), "--at, --to and --zone belong to --weekly");
    command.weekly = "sun";
    EXPECT_EQ(refusal(command).find("a window is --weekly"), 0U);
    command.length.reset();
    EXPECT_EQ(refusal(command).find("--weekly wants --at and --to"), 0U);
    command.everything = true;
    EXPECT_EQ(refusal(command).find("--everything leaves nothing"), 0U);
}

}  // namespace
}  // namespace muster
