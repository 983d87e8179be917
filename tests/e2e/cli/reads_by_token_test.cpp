// A hub whose reads need the token, asked by every command that reads.

#include <csignal>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

Words with_token(Words words) {
    words.insert(words.end(), {"--token", "hush"});
    return words;
}

TEST(MusterReadsByToken, EveryCommandThatReadsSendsTheToken) {
    WatchedChat chat("hush", "token");
    for (auto const& words :
         {Words{"status"}, Words{"history", "chat"}, Words{"events"}, Words{"services", "list"},
          Words{"services", "show", "chat/app"}, Words{"services", "why", "chat/app"},
          Words{"maintenance", "list"}, Words{"config", "plan"}}) {
        auto const refused = chat.ask(words);
        EXPECT_EQ(refused.code, 5) << words.front() << refused.output;
        EXPECT_TRUE(holds(refused.output, "give the hub's token with --token-file"))
            << refused.output;
        auto const answered = chat.ask(with_token(words));
        EXPECT_EQ(answered.code, 0) << words.front() << answered.output;
        EXPECT_EQ(chat.ask(words, {{"MUSTER_TOKEN", "hush"}}).code, 0) << words.front();
    }
    EXPECT_TRUE(holds(chat.ask(with_token({"services", "list"})).output, "chat"));
    auto const wrong = chat.ask({"status", "--token", "hunter2"});
    EXPECT_EQ(wrong.code, 5);
    EXPECT_TRUE(holds(wrong.output, "the token is wrong")) << wrong.output;
    EXPECT_FALSE(holds(wrong.output, "hunter2")) << "a token is never shown";
}

TEST(MusterReadsByToken, AFollowedCallSendsItEachTime) {
    WatchedChat chat("hush", "token");
    ChildProcess::Options options;
    options.folder = chat.folder();
    Words const words{"events", "--follow", "--interval", "20ms", "--hub", chat.hub().url()};
    ChildProcess refused(program("muster"), words, options);
    EXPECT_EQ(refused.wait_for_end(), 5);
    EXPECT_TRUE(holds(refused.output(), "give the hub's token")) << refused.output();

    ChildProcess follow(program("muster"), with_token(words), options);
    ASSERT_TRUE(follow.wait_for_line("chat")) << follow.output();
    chat.demo().process().signal(SIGKILL);
    ASSERT_TRUE(follow.wait_for_line("down after")) << follow.output();
    follow.signal(SIGINT);
    EXPECT_EQ(follow.wait_for_end(), 0);
}

TEST(MusterReadsByToken, DoctorSaysThatItIsWrong) {
    WatchedChat chat("hush", "token");
    auto const wrong = chat.ask({"doctor", "--token", "hunter2"}, {{"MUSTER_DATA_DIR", "data"}});
    EXPECT_TRUE(holds(wrong.output, "reads need the hub's token (auth.reads)")) << wrong.output;
    // Without one it takes that of the configuration that it looks at.
    auto const own = chat.ask({"doctor"}, {{"MUSTER_DATA_DIR", "data"}});
    EXPECT_TRUE(holds(own.output, "live views work")) << own.output;
}

TEST(MusterReadsByToken, AReloadOpensAndClosesThem) {
    WatchedChat chat("hush", "token");
    auto const file = chat.folder() / "muster.yaml";
    auto const project = "projects: [{ name: chat, url: \"" + chat.demo().url() + "\" }]\n";
    EXPECT_EQ(chat.ask({"status"}).code, 5);
    std::ofstream(file) << "auth: { token: hush }\n" << project;
    chat.hub().process().signal(SIGHUP);
    ASSERT_TRUE(chat.hub().process().wait_for_line("auth.reads: token -> open"));
    EXPECT_EQ(chat.ask({"status"}).code, 0);
    std::ofstream(file) << "auth: { token: other, reads: token }\n" << project;
    chat.hub().process().signal(SIGHUP);
    ASSERT_TRUE(chat.hub().process().wait_for_line("auth.reads: open -> token"));
    EXPECT_EQ(chat.ask(with_token({"status"})).code, 5);
    EXPECT_EQ(chat.ask({"status", "--token", "other"}).code, 0);
}

}  // namespace
}  // namespace muster::e2e
