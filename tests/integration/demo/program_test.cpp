#include <csignal>
#include <string>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <httplib.h>

#include <muster/testing/child_process.hpp>

namespace {

/// A demo program as a user starts it. Killed at the end at the latest.
class Demo {
public:
    explicit Demo(std::string const& name, std::vector<std::string> const& flags = {"--port", "0"})
        : process_(std::string{MUSTER_BIN_DIR} + "/demo-" + name, flags, {}) {}

    /// The port of the line that every demo program prints first.
    int port() {
        auto const prefix = std::string{"listening on http://127.0.0.1:"};
        auto const line = process_.wait_for_line("").value_or("");
        EXPECT_TRUE(line.starts_with(prefix)) << line;
        return line.starts_with(prefix) ? std::stoi(line.substr(prefix.size())) : 0;
    }

    void signal(int number) const { process_.signal(number); }

    /// -1 when it does not end in time.
    int exit_code(int within_ms) { return process_.wait_for_end(muster::Millis{within_ms}); }

private:
    muster::testing::ChildProcess process_;
};

TEST(DemoProgram, EachOfTheThreeServesItsOwnProject) {
    for (auto const* name : {"email-blast", "chatbot", "social-media"}) {
        auto demo = Demo{name};
        auto client = httplib::Client{"127.0.0.1", demo.port()};
        auto const about = client.Get("/");
        ASSERT_TRUE(about) << name;
        EXPECT_NE(about->body.find(name), std::string::npos);
    }
}

TEST(DemoProgram, SigtermAndSigintStopItCleanly) {
    for (auto const number : {SIGTERM, SIGINT}) {
        auto demo = Demo{"chatbot"};
        ASSERT_NE(demo.port(), 0);
        demo.signal(number);
        EXPECT_EQ(demo.exit_code(1'000), 0) << "signal " << number;
    }
}

TEST(DemoProgram, StopsWithinASecondWhileAClientKeepsItsConnection) {
    auto demo = Demo{"chatbot"};
    auto client = httplib::Client{"127.0.0.1", demo.port()};
    client.set_keep_alive(true);
    ASSERT_TRUE(client.Get("/health"));
    demo.signal(SIGTERM);
    EXPECT_EQ(demo.exit_code(1'000), 0);
}

TEST(DemoProgram, StopsWithinASecondWhileHanging) {
    auto demo = Demo{"social-media"};
    auto const port = demo.port();
    auto client = httplib::Client{"127.0.0.1", port};
    ASSERT_TRUE(client.Post("/chaos", R"({"mode":"hang"})", "application/json"));
    client.set_read_timeout(0, 100'000);
    EXPECT_FALSE(client.Get("/health"));
    demo.signal(SIGTERM);
    EXPECT_EQ(demo.exit_code(1'000), 0);
}

TEST(DemoProgram, DieEndsItAtOnceWithCodeOne) {
    auto demo = Demo{"email-blast"};
    auto client = httplib::Client{"127.0.0.1", demo.port()};
    EXPECT_FALSE(client.Post("/chaos", R"({"mode":"die"})", "application/json"));
    EXPECT_EQ(demo.exit_code(1'000), 1);
}

TEST(DemoProgram, ATakenPortIsToldAndEndsWithThree) {
    auto first = Demo{"email-blast"};
    auto second = Demo{"chatbot", {"--port", std::to_string(first.port())}};
    EXPECT_EQ(second.exit_code(2'000), 3);
}

TEST(DemoProgram, WrongFlagsEndWithThree) {
    auto demo = Demo{"chatbot", {"--port", "many"}};
    EXPECT_EQ(demo.exit_code(2'000), 3);
}

/// The parent is a process of its own that starts the demo and is killed.
TEST(DemoProgram, EndsWithItsParentWhenAskedTo) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    int out[2]{};
    ASSERT_EQ(::pipe(out), 0);
    auto const path = std::string{MUSTER_BIN_DIR} + "/demo-chatbot";
    auto const parent = ::fork();
    if (parent == 0) {
        if (::fork() == 0) {
            ::dup2(out[1], STDOUT_FILENO);
            ::close(out[0]);
            ::close(out[1]);
            ::execl(path.c_str(), path.c_str(), "--port", "0", "--exit-with-parent", nullptr);
            ::_exit(127);
        }
        ::pause();
        ::_exit(0);
    }
    ::close(out[1]);
    auto first = '\0';
    ASSERT_EQ(::read(out[0], &first, 1), 1) << "it never listened";
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    // The orphan is ours now: its end is the only thing left to wait for.
    auto status = 0;
    EXPECT_GT(::waitpid(-1, &status, 0), 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ::close(out[0]);
}

}  // namespace
