// Commands that change something of a running hub.

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

using Json = nlohmann::json;

TEST(MusterServices, AreRegisteredByFlagsAndRemoved) {
    WatchedChat chat;
    auto const made =
        chat.ask({"services", "register", "chat/door", "--tcp",
                  chat.demo().url().substr(std::string("http://").size()), "--interval", "1s",
                  "--not-critical", "--tag", "eu", "--tag", "door"});
    EXPECT_EQ(made.code, 0) << made.output;
    EXPECT_TRUE(holds(made.output, "chat/door is registered as "));
    auto const shown = Json::parse(chat.ask({"services", "show", "chat/door", "--json"}).output);
    EXPECT_EQ(shown["owner"], "api");
    EXPECT_EQ(shown["critical"], false);
    EXPECT_EQ(shown["tags"], (Json{"eu", "door"}));
    EXPECT_EQ(chat.ask({"services", "check", "chat/door"}).code, 0);

    EXPECT_EQ(chat.ask({"services", "rm", "chat/door"}).code, 0);
    EXPECT_EQ(chat.ask({"services", "rm", "chat/door"}).code, 5);
    auto const of_file = chat.ask({"services", "rm", "chat/app"});
    EXPECT_EQ(of_file.code, 5) << "what the file says is not the API's to remove";
}

TEST(MusterServices, AreRegisteredFromAFileEachAnsweredForItself) {
    WatchedChat chat;
    std::ofstream(chat.folder() / "more.yaml")
        << "- { project: chat, name: one, probe: { tcp: \"127.0.0.1:1\" }, retries: 0 }\n"
        << "- { project: chat, name: two, probe: { smoke: signals } }\n";
    auto const made = chat.ask({"services", "register", "--file", "more.yaml"});
    EXPECT_EQ(made.code, 5) << made.output;
    EXPECT_TRUE(holds(made.output, "chat/one is registered as "));
    EXPECT_TRUE(holds(made.output, "muster: chat/two: ")) << made.output;
    EXPECT_EQ(chat.ask({"services", "register", "--file", "none.yaml"}).code, 3);
    EXPECT_EQ(chat.ask({"services", "register", "chat/x"}).code, 3);
    EXPECT_EQ(chat.ask({"services", "register", "chat/x", "--file", "more.yaml"}).code, 3);
}

TEST(MusterMaintenance, IsAddedListedAndRemoved) {
    WatchedChat chat;
    auto const added = chat.ask(
        {"maintenance", "add", "--project", "chat", "--for", "1h", "--why", "a move", "--json"});
    ASSERT_EQ(added.code, 0) << added.output;
    auto const id = std::to_string(Json::parse(added.output)["id"].get<int>());
    auto const list = chat.ask({"maintenance", "list"});
    EXPECT_EQ(list.code, 0);
    EXPECT_TRUE(holds(list.output, "projects chat")) << list.output;
    EXPECT_TRUE(holds(list.output, "a move"));
    ASSERT_TRUE(chat.hub().shows("/api/projects/status", "maintenance"));
    EXPECT_TRUE(holds(chat.ask({"services", "why", "chat/app"}).output, "maintenance"));
    EXPECT_EQ(chat.ask({"maintenance", "rm", id}).code, 0);
    EXPECT_EQ(chat.ask({"maintenance", "rm", id}).code, 5);
    EXPECT_EQ(chat.ask({"maintenance", "list"}).output, "no maintenance windows\n");
    EXPECT_EQ(chat.ask({"maintenance", "add", "--for", "1h"}).code, 3);
}

TEST(ChangingCommands, NeedTheHubsToken) {
    WatchedChat chat("hush");
    Words const change{"maintenance", "add", "--everything", "--for", "1h"};
    auto const without = chat.ask(change);
    EXPECT_EQ(without.code, 5);
    EXPECT_TRUE(holds(without.output, "give the hub's token with --token-file")) << without.output;
    auto wrong = change;
    wrong.insert(wrong.end(), {"--token", "hunter2"});
    auto const refused = chat.ask(wrong);
    EXPECT_EQ(refused.code, 5);
    EXPECT_FALSE(holds(refused.output, "hunter2")) << "a token is never shown";
    EXPECT_EQ(chat.ask(change, {{"MUSTER_TOKEN", "hush"}}).code, 0);
    std::ofstream(chat.folder() / "token") << "hush\n";
    auto by_file = change;
    by_file.insert(by_file.end(), {"--token-file", "token"});
    EXPECT_EQ(chat.ask(by_file).code, 0);
    EXPECT_EQ(chat.ask({"status"}).code, 0) << "reads are open";
}

TEST(MusterServices, LeaveTheirHistoryBehind) {
    WatchedChat chat;
    ASSERT_EQ(chat.ask({"services", "register", "extra/one", "--http",
                        chat.demo().url() + "/health", "--interval", "100ms"})
                  .code,
              0);
    ASSERT_TRUE(chat.hub().shows("/api/history/extra", R"("serviceName":"one")"));
    ASSERT_EQ(chat.ask({"services", "rm", "extra/one"}).code, 0);
    ASSERT_EQ(chat.ask({"services", "show", "extra/one"}).code, 5);
    auto const history = chat.ask({"history", "extra"});
    EXPECT_EQ(history.code, 0) << history.output;
    EXPECT_TRUE(holds(chat.hub().get("/api/history/extra"), R"("serviceName":"one")"));
    ASSERT_TRUE(chat.hub().shows("/api/events?project=extra", "service_deregistered"));
    EXPECT_EQ(chat.ask({"events", "--project", "extra"}).code, 0);
}

TEST(MusterServices, TellThatAFilterNamesNobody) {
    WatchedChat chat;
    for (auto const& words :
         {Words{"events", "--project", "chta"}, Words{"events", "--project", "chta", "--follow"},
          Words{"services", "list", "--project", "chta"}, Words{"history", "chta"}}) {
        auto const ended = chat.ask(words);
        EXPECT_EQ(ended.code, 5) << ended.output;
        EXPECT_TRUE(holds(ended.output, "No such project: 'chta': did you mean 'chat'?"))
            << ended.output;
    }
}

}  // namespace
}  // namespace muster::e2e
