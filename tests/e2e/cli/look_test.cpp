// Commands that look at a running hub.

#include <csignal>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

using Json = nlohmann::json;

TEST(MusterStatus, ShowsProjectsWithTheirServicesAndEndsByTheWorst) {
    WatchedChat chat;
    auto const table = chat.ask({"status"});
    EXPECT_EQ(table.code, 0) << table.output;
    EXPECT_TRUE(holds(table.output, "PROJECT  SERVICE  STATUS"));
    EXPECT_TRUE(holds(table.output, "1 project: 1 healthy"));
    EXPECT_FALSE(holds(table.output, "\x1b")) << "colours are for a terminal";

    auto const json = chat.ask({"status", "chat", "--json"});
    EXPECT_EQ(json.code, 0) << json.output;
    auto const picture = Json::parse(json.output);
    EXPECT_EQ(picture["projects"]["chat"]["status"], "healthy");
    EXPECT_EQ(picture["services"].at(0)["name"], "app");

    auto const unknown = chat.ask({"status", "shop"});
    EXPECT_EQ(unknown.code, 5);
    EXPECT_EQ(unknown.output, "muster: no such project: shop; the hub has chat\n");

    chat.demo().process().signal(SIGKILL);
    ASSERT_TRUE(chat.hub().shows("/api/projects/status", R"("status":"down")"));
    auto const down = chat.ask({"status"});
    EXPECT_EQ(down.code, 2);
    // Refused, or reset where the kill met a check.
    EXPECT_TRUE(holds(down.output, "connection re")) << down.output;
}

TEST(MusterHistory, DrawsResponseTimesAndGivesTheBuckets) {
    WatchedChat chat;
    // A minute is told once it is over.
    bool told = false;
    for (int again = 0; again < 4 && !told; ++again) {
        told = chat.hub().shows("/api/history/chat?hours=1&step=1m", R"("checks":)");
    }
    ASSERT_TRUE(told);
    auto const text = chat.ask({"history", "chat", "--hours", "1"});
    EXPECT_EQ(text.code, 0) << text.output;
    EXPECT_TRUE(holds(text.output, "chat, the last 1 h until "));
    EXPECT_TRUE(holds(text.output, "RESPONSE TIME"));
    EXPECT_TRUE(holds(text.output, "\xe2\x96")) << "a bar at least: " << text.output;
    auto const json = chat.ask({"history", "chat", "--hours", "1", "--service", "app", "--json"});
    EXPECT_EQ(json.code, 0) << json.output;
    EXPECT_EQ(Json::parse(json.output).at(0)["serviceName"], "app");
    EXPECT_EQ(chat.ask({"history", "shop"}).code, 5);
    EXPECT_EQ(chat.ask({"history", "chat", "--hours", "9000"}).code, 3);
}

TEST(MusterEvents, AreListedAndFiltered) {
    WatchedChat chat;
    auto const all = chat.ask({"events"});
    EXPECT_EQ(all.code, 0) << all.output;
    auto const registered = all.output.find("service_registered");
    auto const changed = all.output.find("status_changed");
    ASSERT_NE(changed, std::string::npos) << all.output;
    EXPECT_LT(registered, changed) << "the newest last";
    auto const json =
        chat.ask({"events", "--type", "status_changed", "--project", "chat", "--json"});
    EXPECT_EQ(json.code, 0) << json.output;
    for (auto const& event : Json::parse(json.output)) {
        EXPECT_EQ(event["eventType"], "status_changed");
    }
    EXPECT_EQ(chat.ask({"events", "--severity", "loud"}).code, 3);
    EXPECT_EQ(chat.ask({"events", "--type", "nonsense"}).code, 5);
}

TEST(MusterServices, AreListedShownCheckedAndExplained) {
    WatchedChat chat;
    auto const list = chat.ask({"services", "list"});
    EXPECT_EQ(list.code, 0);
    EXPECT_TRUE(holds(list.output, "chat/app")) << list.output;
    EXPECT_EQ(Json::parse(chat.ask({"services", "list", "--json"}).output).size(), 1U);
    EXPECT_EQ(chat.ask({"services", "list", "--status", "down"}).output, "no services\n");

    auto const show = chat.ask({"services", "show", "chat/app"});
    EXPECT_EQ(show.code, 0) << show.output;
    EXPECT_TRUE(holds(show.output, "chat/app is up"));
    EXPECT_EQ(Json::parse(chat.ask({"services", "show", "chat/app", "--json"}).output)["owner"],
              "file");
    EXPECT_EQ(chat.ask({"services", "show", "chat/nobody"}).code, 5);

    auto const check = chat.ask({"services", "check", "chat/app"});
    EXPECT_EQ(check.code, 0) << check.output;
    EXPECT_TRUE(holds(check.output, "chat/app  up  "));

    auto const why = chat.ask({"services", "why", "chat/app", "--checks", "2"});
    EXPECT_EQ(why.code, 0) << why.output;
    EXPECT_TRUE(holds(why.output, "chat/app is up since "));
    auto const json = Json::parse(chat.ask({"services", "why", "chat/app", "--json"}).output);
    EXPECT_EQ(json["status"], "up");
    EXPECT_EQ(json["lastTransition"]["eventType"], "status_changed");

    chat.demo().process().signal(SIGKILL);
    ASSERT_TRUE(chat.hub().shows("/api/events", "down after"));
    auto const down = chat.ask({"services", "why", "chat/app"});
    // Refused, or reset where the kill met a check.
    EXPECT_TRUE(holds(down.output, "connection re")) << down.output;
    EXPECT_EQ(chat.ask({"services", "check", "chat/app"}).code, 2);
}

TEST(MusterStatus, SaysWhatToDoWithoutAHub) {
    testing::TemporaryFolder const folder;
    auto const away = run_muster({"status", "--hub", "http://127.0.0.1:1"}, folder.path());
    EXPECT_EQ(away.code, 4);
    EXPECT_EQ(away.output,
              "muster: no hub answers at http://127.0.0.1:1/: start one (muster up), or name "
              "another with --hub or MUSTER_URL\n");
    EXPECT_EQ(run_muster({"status", "--hub", "nonsense"}, folder.path()).code, 3);
    EXPECT_EQ(run_muster({"status", "--token-file", "none"}, folder.path()).code, 3);
    EXPECT_EQ(run_muster({"status", "--timeout", "0s"}, folder.path()).code, 3);
}

}  // namespace
}  // namespace muster::e2e
