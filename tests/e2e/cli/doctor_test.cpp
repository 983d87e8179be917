#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <muster/testing/documented_redis_user.hpp>
#include <muster/testing/redis_server.hpp>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

using Json = nlohmann::json;

/// Findings by part; of several of one part the last.
std::map<std::string, std::string> findings_in(std::string const& output) {
    std::map<std::string, std::string> findings;
    auto const told = Json::parse(output);
    for (auto const& finding : told["findings"]) {
        findings[finding["part"]] = finding["finding"];
    }
    return findings;
}

TEST(MusterDoctor, FindsARunningHubWell) {
    WatchedChat chat;
    auto const told =
        chat.ask({"doctor", "--json"}, {{"PORT", std::to_string(chat.hub().port())},
                                        {"MUSTER_DATA_DIR", (chat.folder() / "data").string()}});
    auto const findings = findings_in(told.output);
    for (std::string const part : {"configuration", "data folder", "names", "listen", "clock",
                                   "hub", "hub's clock", "ready", "websocket", "token"}) {
        EXPECT_EQ(findings.at(part), "ok") << part << " " << told.output;
    }
    EXPECT_LE(told.code, 1) << told.output;
}

TEST(MusterDoctor, FindsWhatKeepsAHubFromStarting) {
    testing::TemporaryFolder const folder;
    DemoProcess const other("chatbot");
    std::ofstream(folder.path() / "data") << "a file in the way\n";
    auto const told = run_muster({"doctor", "--hub", "http://127.0.0.1:1"}, folder.path(),
                                 {{"PORT", std::to_string(port_of(other.url()))},
                                  {"MUSTER_DATA_DIR", (folder.path() / "data").string()}});
    EXPECT_EQ(told.code, 2) << told.output;
    EXPECT_TRUE(holds(told.output, "is not a folder")) << told.output;
    EXPECT_TRUE(holds(told.output, "by something that is no hub")) << told.output;
    EXPECT_TRUE(holds(told.output, "no hub answers at http://127.0.0.1:1/")) << told.output;

    std::ofstream(folder.path() / "muster.yaml") << "projects: [{ nam: x }]\n";
    auto const wrong = run_muster({"doctor", "--hub", "http://127.0.0.1:1"}, folder.path());
    EXPECT_EQ(wrong.code, 2) << wrong.output;
    EXPECT_TRUE(holds(wrong.output, "muster.yaml:1")) << wrong.output;
}

TEST(MusterDoctor, LooksAtTheRedisThatIsConfigured) {
    testing::TemporaryFolder const folder;
    testing::RedisServer redis;
    std::map<std::string, std::string> const environment{
        {"REDIS_URL", redis.url()}, {"MUSTER_DATA_DIR", (folder.path() / "data").string()}};
    std::vector<std::string> const command{"doctor", "--json", "--hub", "http://127.0.0.1:1"};
    auto const well = run_muster(command, folder.path(), environment);
    EXPECT_EQ(findings_in(well.output).at("redis"), "ok") << well.output;
    redis.stop();
    auto const away = run_muster(command, folder.path(), environment);
    EXPECT_EQ(findings_in(away.output).at("redis"), "fail") << away.output;
    EXPECT_EQ(away.code, 2);
    EXPECT_TRUE(holds(away.output, "no connection to " + redis.url())) << away.output;
}

TEST(MusterDoctor, LooksAtARedisWithTheRightsOfAHub) {
    testing::TemporaryFolder const folder;
    auto rights = testing::documented_redis_user(MUSTER_EVENTS_DOCUMENT, "hub");
    std::vector<std::string> const command{"doctor", "--json", "--hub", "http://127.0.0.1:1"};
    for (bool const may_ask : {true, false}) {
        testing::RedisServer::Options options;
        options.arguments = {"--user"};
        options.arguments.insert(options.arguments.end(), rights.begin(), rights.end());
        testing::RedisServer const redis(options);
        auto const told =
            run_muster(command, folder.path(),
                       {{"REDIS_URL", "redis://hub:PASSWORD@" +
                                          redis.url().substr(std::string("redis://").size())},
                        {"MUSTER_DATA_DIR", (folder.path() / "data").string()}});
        EXPECT_EQ(findings_in(told.output).at("redis"), may_ask ? "ok" : "fail") << told.output;
        EXPECT_EQ(holds(told.output, "NOPERM"), !may_ask) << told.output;
        EXPECT_FALSE(holds(told.output, "is no stream")) << told.output;
        std::erase(rights, "+type");
    }
}

TEST(MusterDoctor, OpensTheJournalAndTheStoreOfAHubThatIsStopped) {
    WatchedChat chat;
    auto const port = std::to_string(chat.hub().port());
    chat.hub().process().signal(15);
    ASSERT_EQ(chat.hub().process().wait_for_end(), 0);
    std::map<std::string, std::string> const environment{
        {"PORT", port}, {"MUSTER_DATA_DIR", (chat.folder() / "data").string()}};
    auto const well = findings_in(chat.ask({"doctor", "--json"}, environment).output);
    EXPECT_EQ(well.at("journal"), "ok");
    EXPECT_EQ(well.at("store"), "ok");
    EXPECT_EQ(well.at("listen"), "ok");
    EXPECT_EQ(well.at("hub"), "warn");

    std::ofstream(chat.folder() / "data" / "muster.db") << "no database at all, whatever it says";
    auto const broken = chat.ask({"doctor", "--json"}, environment);
    EXPECT_EQ(broken.code, 2) << broken.output;
    EXPECT_EQ(findings_in(broken.output).at("store"), "fail");
}

}  // namespace
}  // namespace muster::e2e
