// Commands that go on until they are interrupted.

#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

using Json = nlohmann::json;

std::vector<std::int64_t> ids_in(std::string const& output) {
    std::vector<std::int64_t> ids;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        if (line.front() == '{') {
            ids.push_back(Json::parse(line)["id"].get<std::int64_t>());
        }
    }
    return ids;
}

TEST(MusterEvents, FollowsOverARestartOfTheHubWithoutLossOrRepetition) {
    WatchedChat chat;
    ChildProcess::Options options;
    options.folder = chat.folder();
    ChildProcess follow(program("muster"),
                        {"events", "--follow", "--interval", "20ms", "--json", "--limit", "1000",
                         "--hub", chat.hub().url()},
                        options);
    ASSERT_TRUE(follow.wait_for_line("status_changed")) << follow.output();
    auto const url = chat.hub().url();
    chat.restart_hub();
    ASSERT_TRUE(follow.wait_for_line("the hub answers again")) << follow.output();
    chat.demo().process().signal(SIGKILL);
    ASSERT_TRUE(follow.wait_for_line("down after")) << follow.output();
    follow.signal(SIGINT);
    EXPECT_EQ(follow.wait_for_end(), 0);

    auto const all =
        run_muster({"events", "--limit", "1000", "--json", "--hub", url}, chat.folder());
    std::vector<std::int64_t> wanted;
    for (auto const& event : Json::parse(all.output)) {
        wanted.insert(wanted.begin(), event["id"].get<std::int64_t>());
    }
    auto const seen = ids_in(follow.output());
    ASSERT_LE(seen.size(), wanted.size());
    wanted.resize(seen.size());  // what came after the interruption
    EXPECT_EQ(seen, wanted);
}

TEST(MusterStatus, WatchesUntilInterrupted) {
    WatchedChat chat;
    ChildProcess::Options options;
    options.folder = chat.folder();
    ChildProcess watch(program("muster"),
                       {"status", "--watch", "--interval", "20ms", "--hub", chat.hub().url()},
                       options);
    ASSERT_TRUE(watch.wait_for_line("1 project: 1 healthy"));
    chat.demo().process().signal(SIGKILL);
    ASSERT_TRUE(watch.wait_for_line("1 project: 1 down")) << watch.output();
    watch.signal(SIGTERM);
    EXPECT_EQ(watch.wait_for_end(), 0);
}

TEST(MusterEvents, EndsAFollowedCallAtOnceWhenInterrupted) {
    testing::TemporaryFolder const folder;
    // Accepts, for its kernel does, and never answers.
    DemoProcess silent("chatbot");
    silent.process().signal(SIGSTOP);
    ChildProcess::Options options;
    options.folder = folder.path();
    ChildProcess follow(program("muster"),
                        {"events", "--follow", "--timeout", "1h", "--hub", silent.url()}, options);
    follow.listen_for(200);
    follow.signal(SIGINT);
    EXPECT_EQ(follow.wait_for_end(Millis(5'000)), 0) << follow.output();
    silent.process().signal(SIGCONT);
}

}  // namespace
}  // namespace muster::e2e
