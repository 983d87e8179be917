// The servers of these tests leave nothing behind, however a test ends.

#include <array>
#include <csignal>
#include <filesystem>
#include <string>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <muster/testing/target_server.hpp>

namespace muster::testing {
namespace {

bool is_gone(pid_t process) {
    return ::kill(process, 0) != 0 && errno == ESRCH;
}

TEST(TargetServers, EndWithTheirObjectAndTakeTheirFolder) {
    std::filesystem::path folder;
    pid_t process = 0;
    {
        TargetServer redis([&](auto const& own, Place const& place) {
            folder = own;
            return TargetServer::Launch{
                find_program("redis-server"),
                {"--bind", place.address, "--port", std::to_string(place.port)},
                {}};
        });
        process = redis.process().id();
        EXPECT_TRUE(std::filesystem::exists(folder));
    }
    EXPECT_TRUE(is_gone(process));
    EXPECT_FALSE(std::filesystem::exists(folder));
}

/// The test is a process of its own that starts a server and is killed.
TEST(TargetServers, EndWithATestThatIsKilled) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    auto const test = ::fork();
    if (test == 0) {
        auto const node = start_node(
            "require('http').createServer(() => {})"
            ".listen(place.port, place.address);");
        auto const process = node->process().id();
        (void)::write(ends[1], &process, sizeof process);
        ::pause();
        ::_exit(0);
    }
    pid_t server = 0;
    ASSERT_EQ(::read(ends[0], &server, sizeof server), static_cast<ssize_t>(sizeof server));
    ::kill(test, SIGKILL);
    ::waitpid(test, nullptr, 0);
    // The orphan is ours now: its end is the only thing left to wait for.
    int status = 0;
    EXPECT_EQ(::waitpid(server, &status, 0), server);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(TargetServers, SayWhyTheyDoNotAccept) {
    try {
        (void)start_node("throw new Error('no such luck');");
        FAIL() << "it accepted";
    } catch (std::runtime_error const& error) {
        EXPECT_NE(std::string(error.what()).find("no such luck"), std::string::npos)
            << error.what();
    }
    EXPECT_THROW((void)find_program("no-such-program"), std::runtime_error);
}

TEST(TargetServers, GetPlacesOfTheirOwn) {
    auto const first = start_redis();
    auto const second = start_redis();
    EXPECT_EQ(first->place().address, second->place().address);
    EXPECT_NE(first->place().port, second->place().port);
}

}  // namespace
}  // namespace muster::testing
