#include <string>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

class Listening : public ::testing::Test {
protected:
    Result<std::vector<HostPort>> listen(std::vector<HostPort> addresses) {
        EdgeServer server(thread_.loop(), clock_, log_, router_, {.listen = std::move(addresses)});
        auto bound = server.listen();
        std::promise<void> done;
        server.stop(0ms, [&done] { done.set_value(); });
        done.get_future().wait();
        return bound;
    }

    SystemClock clock_;
    SilentLog log_;
    Router router_{clock_, Origins({"*"})};
    LoopThread thread_{"edge", [](std::string const& what) { ADD_FAILURE() << what; }};
};

TEST_F(Listening, ReportsThePortThatWasFound) {
    auto const bound = listen({{"127.0.0.1", 0}, {"127.0.0.2", 0}});
    ASSERT_TRUE(bound);
    ASSERT_EQ(bound->size(), 2U);
    EXPECT_EQ(bound->at(0).host, "127.0.0.1");
    EXPECT_NE(bound->at(0).port, 0);
    EXPECT_EQ(bound->at(1).host, "127.0.0.2");
}

TEST_F(Listening, TakesNames) {
    auto const bound = listen({{"localhost", 0}});
    ASSERT_TRUE(bound) << bound.error().message;
    EXPECT_GE(bound->size(), 1U);
}

TEST_F(Listening, SaysThatAPortIsInUse) {
    Edge other;
    auto const bound = listen({{"127.0.0.1", other.port()}});
    ASSERT_FALSE(bound);
    EXPECT_EQ(bound.error().code, Errc::conflict);
    EXPECT_EQ(bound.error().message.find("port " + std::to_string(other.port()) + " is in use"),
              0U);
}

TEST_F(Listening, SaysThatAnAddressIsNotOurs) {
    for (std::string const host : {"192.0.2.1", "nowhere.invalid"}) {
        auto const bound = listen({{host, 0}});
        ASSERT_FALSE(bound);
        EXPECT_EQ(bound.error().code, Errc::invalid);
        EXPECT_EQ(bound.error().message, host + " is no address of this machine");
    }
}

TEST_F(Listening, NothingListensAfterAnError) {
    Edge other;
    auto const free_port = listen({{"127.0.0.1", 0}}).value().at(0).port;
    ASSERT_FALSE(listen({{"127.0.0.1", free_port}, {"127.0.0.1", other.port()}}));
    EXPECT_TRUE(listen({{"127.0.0.1", free_port}}));
}

}  // namespace
}  // namespace muster
