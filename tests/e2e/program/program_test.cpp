// The built programs as a person runs them.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/testing/temporary_folder.hpp>

#include "hub_process.hpp"
#include "stored_history.hpp"

namespace muster::e2e {
namespace {

ChildProcess::Options in_folder(std::filesystem::path const& folder) {
    ChildProcess::Options options;
    options.folder = folder;
    options.environment["MUSTER_DATA_DIR"] = (folder / "data").string();
    return options;
}

TEST(MusterUp, WatchesAProjectShowsItsFallAndItsReturn) {
    testing::TemporaryFolder const folder;
    DemoProcess alive("chatbot");
    std::ofstream(folder.path() / "muster.yaml")
        << "projects: [{ name: chat, url: \"" << alive.url() << "\", healthCheckInterval: 200ms }]";
    HubProcess hub(folder.path(), "");
    ASSERT_TRUE(hub.shows("/api/projects/status", R"("status":"healthy")"));
    ASSERT_TRUE(hub.shows("/api/metrics/chat", R"("projectName":"chat")"));
    ASSERT_TRUE(hub.shows("/ready", R"("ready":true)"));
    alive.process().signal(SIGKILL);
    ASSERT_TRUE(hub.shows("/api/projects/status", R"("status":"down")"));
    ASSERT_TRUE(hub.shows("/api/events", R"(connection refused)"));
    EXPECT_NE(hub.get("/api/projects/status").find(R"("isRunning":false)"), std::string::npos);
}

TEST(MusterUp, StopsInOrderOnSigtermAndKeepsWhatItKnew) {
    testing::TemporaryFolder const folder;
    auto const data = folder.path() / "data";
    DemoProcess const alive("social-media");
    for (int start = 0; start < 2; ++start) {
        HubProcess hub(folder.path(), "feed:" + alive.url());
        ASSERT_TRUE(hub.shows("/api/projects/status", R"("status":"healthy")"));
        hub.process().signal(SIGTERM);
        ASSERT_EQ(hub.process().wait_for_end(), 0) << hub.process().output();
        EXPECT_NE(hub.process().output().find("hub: stopped"), std::string::npos);
    }
    EXPECT_EQ(history_in_database(data), history_in_journal(data));
    EXPECT_EQ(ask_database(data,
                           "SELECT count(*) FROM project_events WHERE "
                           "event_type = 'status_changed'"),
              "1")
        << "a restart is no change of status";
}

TEST(MusterUp, HangingProbesDoNotHoldUpTheStop) {
    testing::TemporaryFolder const folder;
    // Nobody answers behind this listener's backlog.
    DemoProcess silent("email-blast");
    silent.process().signal(SIGSTOP);
    HubProcess hub(folder.path(), "mail:" + silent.url());
    hub.process().listen_for(200);
    hub.process().signal(SIGINT);
    EXPECT_EQ(hub.process().wait_for_end(), 0) << hub.process().output();
    silent.process().signal(SIGCONT);
}

/// The child of a process that runs this program; 0: none.
pid_t child_of(pid_t parent, std::string const& name) {
    auto const task = std::filesystem::path("/proc") / std::to_string(parent) / "task" /
                      std::to_string(parent) / "children";
    std::ifstream children(task);
    for (pid_t child = 0; children >> child;) {
        auto const path = std::filesystem::path("/proc") / std::to_string(child) / "exe";
        if (std::filesystem::read_symlink(path).filename() == name) {
            return child;
        }
    }
    return 0;
}

TEST(MusterUp, TellsOfASampleProjectThatHasEnded) {
    testing::TemporaryFolder const folder;
    ChildProcess up(program("muster"), {"up", "--demo", "--port", "0", "--demo-port-base", "0"},
                    in_folder(folder.path()));
    ASSERT_TRUE(up.wait_for_line("muster: listening on ")) << up.output();
    auto const chatbot = child_of(up.id(), "demo-chatbot");
    ASSERT_GT(chatbot, 0);
    ASSERT_EQ(::kill(chatbot, SIGKILL), 0);
    ASSERT_TRUE(up.wait_for_line("demo: chatbot has ended by signal 9")) << up.output();
    up.signal(SIGTERM);
    EXPECT_EQ(up.wait_for_end(), 0) << up.output();
    EXPECT_EQ(up.output().find("demo: email-blast has ended"), std::string::npos) << up.output();
}

TEST(MusterUp, SaysHowToGiveSampleProjectsOtherPortsWhereTheirsAreTaken) {
    testing::TemporaryFolder const folder;
    DemoProcess const taken("email-blast");
    auto const port = taken.url().substr(taken.url().rfind(':') + 1);
    ChildProcess up(program("muster"), {"up", "--demo", "--port", "0", "--demo-port-base", port},
                    in_folder(folder.path()));
    EXPECT_NE(up.wait_for_end(), 0);
    EXPECT_NE(up.output().find("email-blast ended while starting"), std::string::npos)
        << up.output();
    EXPECT_NE(up.output().find("--demo-port-base names others"), std::string::npos) << up.output();
}

TEST(MusterUp, StartsWithNoProjects) {
    testing::TemporaryFolder const folder;
    HubProcess hub(folder.path(), "");
    EXPECT_TRUE(hub.shows("/api/projects/status", R"("data":{})"));
}

TEST(MusterUp, RefusesAMalformedProjectWithExitCodeThree) {
    testing::TemporaryFolder const folder;
    auto options = in_folder(folder.path());
    options.environment["PROJECTS"] = "shop";
    ChildProcess muster(program("muster"), {"up", "--port", "0"}, options);
    EXPECT_EQ(muster.wait_for_end(), 3);
    EXPECT_NE(muster.output().find("Invalid project definition: shop. Expected format: name:url"),
              std::string::npos)
        << muster.output();
}

TEST(MusterUp, TellsEveryMistakeOfAFileAtOnce) {
    testing::TemporaryFolder const folder;
    std::ofstream(folder.path() / "muster.yaml") << "hub: { idd: x }\nprojects:\n  - nam: shop\n";
    ChildProcess muster(program("muster"), {"up", "--port", "0"}, in_folder(folder.path()));
    EXPECT_EQ(muster.wait_for_end(), 3);
    EXPECT_NE(muster.output().find("muster.yaml:1"), std::string::npos) << muster.output();
    EXPECT_NE(muster.output().find("muster.yaml:3"), std::string::npos) << muster.output();
}

TEST(Programs, DoNotStartWithoutAFileThatIsThereButCannotBeRead) {
    testing::TemporaryFolder const folder;
    std::filesystem::create_directory(folder.path() / "muster.yaml");  // root could read a file
    for (auto const& [name, arguments] :
         std::vector<std::pair<std::string, std::vector<std::string>>>{
             {"muster", {"up", "--port", "0"}},
             {"muster", {"check"}},
             {"muster-hub", {"--port", "0"}}}) {
        ChildProcess process(program(name), arguments, in_folder(folder.path()));
        EXPECT_EQ(process.wait_for_end(), 3) << name;
        EXPECT_NE(process.output().find("cannot read the configuration file muster.yaml"),
                  std::string::npos)
            << process.output();
    }
}

TEST(MusterUp, RefusesADataFolderAndAPortThatAreInUse) {
    testing::TemporaryFolder const folder;
    HubProcess first(folder.path(), "");
    ChildProcess same_folder(program("muster"), {"up", "--port", "0"}, in_folder(folder.path()));
    EXPECT_EQ(same_folder.wait_for_end(), 1);
    EXPECT_NE(same_folder.output().find("in use"), std::string::npos) << same_folder.output();

    testing::TemporaryFolder const other;
    ChildProcess same_port(program("muster"), {"up", "--port", std::to_string(first.port())},
                           in_folder(other.path()));
    EXPECT_EQ(same_port.wait_for_end(), 1);
    EXPECT_NE(same_port.output().find("in use"), std::string::npos) << same_port.output();
}

TEST(MusterHub, IsTheHubAlone) {
    testing::TemporaryFolder const folder;
    ChildProcess hub(program("muster-hub"), {"--port", "0"}, in_folder(folder.path()));
    ASSERT_TRUE(hub.wait_for_line("muster: listening on "));
    hub.signal(SIGTERM);
    EXPECT_EQ(hub.wait_for_end(), 0) << hub.output();
}

TEST(Programs, KnowVersionAndHelp) {
    testing::TemporaryFolder const folder;
    for (auto const* name : {"muster", "muster-hub", "demo-chatbot"}) {
        ChildProcess help(program(name), {"--help"}, in_folder(folder.path()));
        EXPECT_EQ(help.wait_for_end(), 0) << name;
    }
    for (auto const* name : {"muster", "muster-hub"}) {
        ChildProcess version(program(name), {"--version"}, in_folder(folder.path()));
        EXPECT_EQ(version.wait_for_end(), 0) << name;
        EXPECT_NE(version.output().find("0.1.0"), std::string::npos);
        ChildProcess wrong(program(name), {"--bogus"}, in_folder(folder.path()));
        EXPECT_EQ(wrong.wait_for_end(), 3) << name;
    }
}

TEST(MusterCheck, TellsByItsExitCodeWhatItFound) {
    testing::TemporaryFolder const folder;
    DemoProcess const alive("chatbot");
    ChildProcess up(program("muster"), {"check", alive.url() + "/health"},
                    in_folder(folder.path()));
    EXPECT_EQ(up.wait_for_end(), 0) << up.output();
    ChildProcess down(program("muster"), {"check", "--json", "http://127.0.0.1:9/"},
                      in_folder(folder.path()));
    EXPECT_EQ(down.wait_for_end(), 2) << down.output();
    EXPECT_NE(down.output().find("connection refused"), std::string::npos) << down.output();
    ChildProcess wrong(program("muster"), {"check", "nonsense"}, in_folder(folder.path()));
    EXPECT_EQ(wrong.wait_for_end(), 3) << wrong.output();
}

}  // namespace
}  // namespace muster::e2e
