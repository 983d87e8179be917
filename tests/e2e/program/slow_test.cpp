// Clients that are slow on purpose, by a tool made for it: the hub serves everybody else.

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/testing/temporary_folder.hpp>

#include "hub_process.hpp"

namespace muster::e2e {
namespace {

std::filesystem::path const kSlowhttptest = "/usr/bin/slowhttptest";

struct Attack {
    std::string name;
    std::vector<std::string> arguments;
};

class SlowClients : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kSlowhttptest)) {
            GTEST_SKIP() << kSlowhttptest << " is not installed: ./dev deps test";
        }
    }

    /// Runs the tool for some seconds against `path` and asks for `/health` meanwhile.
    void attack(Attack const& attack, std::string const& path) {
        testing::TemporaryFolder const folder;
        HubProcess hub(folder.path(), "");
        std::vector<std::string> arguments{"-c", "300", "-r", "300", "-l", "6",  "-p",
                                           "3",  "-i",  "1",  "-v",  "1",  "-u", hub.url() + path};
        arguments.insert(arguments.end(), attack.arguments.begin(), attack.arguments.end());
        ChildProcess tool(kSlowhttptest, arguments, {});
        int answered = 0;
        while (!tool.has_ended()) {
            ASSERT_FALSE(hub.get("/health").empty()) << tool.output();
            ++answered;
            tool.listen_for(50);
        }
        EXPECT_EQ(tool.wait_for_end(), 0);
        EXPECT_GT(answered, 20);
        // Its own probe connection, as the tool shows it once a second.
        EXPECT_NE(tool.output().find("YES"), std::string::npos) << tool.output();
        EXPECT_EQ(tool.output().find("service available:\x1b[0m  \x1b[1;31mNO"), std::string::npos)
            << tool.output();
        hub.process().signal(SIGTERM);
        EXPECT_EQ(hub.process().wait_for_end(), 0) << "nor does it keep the hub from stopping";
    }
};

TEST_F(SlowClients, HeadsThatNeverEndKeepNobodyOut) {
    attack({"slowloris", {"-H", "-t", "GET", "-x", "24"}}, "/");
}

TEST_F(SlowClients, BodiesThatDripKeepNobodyOut) {
    attack({"slow body", {"-B", "-t", "POST", "-s", "8192", "-x", "10"}}, "/api/services");
}

TEST_F(SlowClients, AnswersThatAreReadByteByByteKeepNobodyOut) {
    attack({"slow read", {"-X", "-k", "20", "-n", "1", "-z", "5", "-w", "1", "-y", "16"}}, "/");
}

}  // namespace
}  // namespace muster::e2e
