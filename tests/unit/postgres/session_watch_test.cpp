#include <muster/postgres/session_watch.hpp>

#include <array>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace muster {
namespace {

/// A session's socket, and the server's end of it, which says nothing by itself.
class Line {
public:
    Line() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0); }
    ~Line() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Line(Line const&) = delete;
    Line& operator=(Line const&) = delete;

    [[nodiscard]] int socket() const { return ends_[0]; }
    void answer() const { EXPECT_EQ(::send(ends_[1], "x", 1, 0), 1); }
    /// Waits for an answer. False: the line is cut.
    [[nodiscard]] bool hears() const {
        char byte = 0;
        return ::recv(ends_[0], &byte, 1, 0) == 1;
    }

private:
    std::array<int, 2> ends_{};
};

class SessionWatching : public ::testing::Test {
public:
    std::unique_ptr<WatchedSession> watched(Line const& line) {
        auto session = WatchedSession::of(watch, line.socket());
        EXPECT_TRUE(session) << session.error().message;
        return session ? std::move(*session) : nullptr;
    }

    std::shared_ptr<SessionWatch> watch = *SessionWatch::start();
};

TEST_F(SessionWatching, CutsASessionWhoseTimeIsUpAndNoOther) {
    Line const late;
    Line const other;
    auto const session = watched(late);
    auto const patient = watched(other);
    patient->hurry(Millis(3'600'000));
    session->hurry(Millis(5));
    EXPECT_TRUE(session->hurried());
    EXPECT_FALSE(late.hears());
    EXPECT_TRUE(session->cut());
    other.answer();
    EXPECT_TRUE(other.hears());
    EXPECT_FALSE(patient->cut());
}

TEST_F(SessionWatching, LeavesASessionThatRests) {
    Line const line;
    auto const session = watched(line);
    session->hurry(Millis(2'000));
    session->rest();
    EXPECT_FALSE(session->hurried());
    Line const later;
    auto const next = watched(later);
    next->hurry(Millis(2'200));
    EXPECT_FALSE(later.hears()) << "the first one's time has come and gone";
    EXPECT_FALSE(session->cut());
    line.answer();
    EXPECT_TRUE(line.hears());
}

TEST_F(SessionWatching, CutsAllWhenInterruptedAndThoseThatComeLater) {
    Line const line;
    auto const session = watched(line);
    std::thread ending([this] { watch->interrupt(); });
    EXPECT_FALSE(line.hears());
    ending.join();
    EXPECT_TRUE(session->cut());
    EXPECT_TRUE(watch->interrupted());
    Line const later;
    auto const next = watched(later);
    EXPECT_FALSE(later.hears());
}

TEST_F(SessionWatching, TakesManySessionsOfManyThreads) {
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([this] {
            for (int round = 0; round < 50; ++round) {
                Line const line;
                auto const session = watched(line);
                session->hurry(Millis(1));
                EXPECT_FALSE(line.hears());
                EXPECT_TRUE(session->cut());
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
}

TEST_F(SessionWatching, OutlivesWhoeverStartedIt) {
    Line const line;
    auto const session = watched(line);
    watch.reset();
    session->hurry(Millis(1));
    EXPECT_FALSE(line.hears());
}

TEST_F(SessionWatching, RefusesWhatIsNoSocket) {
    auto const refused = WatchedSession::of(watch, -1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace muster
