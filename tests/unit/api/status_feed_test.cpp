#include <muster/api/status_feed.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <unit/api/deltas.hpp>
#include <unit/api/fake_client.hpp>

namespace muster {
namespace {

class StatusFeedTest : public ::testing::Test {
protected:
    StatusFeedTest() { change("shop", HealthStatus::unknown); }

    std::unique_ptr<FakeClient> join(bool stuck = false) {
        auto client = std::make_unique<FakeClient>(loop_);
        client->stuck = stuck;
        client->session = feed_.join({}, *client);
        client->session->opened();
        return client;
    }

    void change(std::string const& name, HealthStatus status) {
        model_.apply(delta_of(project_view(name == "shop" ? 1 : 2, name, status)));
        feed_.changed();
    }

    void run() { loop_.run_for(0ms); }

    SimulatedLoop loop_;
    ReadModel model_;
    StatusFeed feed_{model_, loop_, loop_};
};

TEST_F(StatusFeedTest, ShowsTheWholeMapAtOnce) {
    auto const client = join();
    ASSERT_EQ(client->frames.size(), 1U);
    EXPECT_EQ(client->last(), R"({"type":"status-update","data":)" + *model_.status_map() +
                                  R"(,"timestamp":"2023-11-14T22:13:20.000Z"})");
    loop_.run_for(1h);
    EXPECT_EQ(client->frames.size(), 1U) << "nothing changed";
}

TEST_F(StatusFeedTest, ShowsChangesAtMostOnceAGap) {
    auto const client = join();
    for (int round = 0; round < 1000; ++round) {
        change("shop", round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        loop_.run_for(10ms);
    }
    loop_.run_for(1s);
    EXPECT_NE(client->last().find("\"down\""), std::string::npos) << "the newest is shown";
    EXPECT_GE(client->frames.size(), 38U);
    EXPECT_LE(client->frames.size(), 42U);
    for (std::size_t index = 1; index < client->times.size(); ++index) {
        EXPECT_GE(client->times[index] - client->times[index - 1], 250ms);
    }
}

TEST_F(StatusFeedTest, ShowsAChangeAtOnceAfterSilence) {
    auto const client = join();
    loop_.run_for(10s);
    change("shop", HealthStatus::down);
    run();
    ASSERT_EQ(client->frames.size(), 2U);
    EXPECT_NE(client->last().find("\"down\""), std::string::npos);
}

TEST_F(StatusFeedTest, AllClientsShareOneFrame) {
    std::vector<std::unique_ptr<FakeClient>> clients;
    for (int index = 0; index < 50; ++index) {
        clients.push_back(join());
        loop_.run_for(7ms);
    }
    loop_.run_for(1s);
    for (int round = 0; round < 8; ++round) {
        change("shop", round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        loop_.run_for(300ms);
    }
    for (auto const& client : clients) {
        EXPECT_EQ(client->frames.back(), clients.front()->frames.back());
    }
}

TEST_F(StatusFeedTest, ClientsOfManyPhasesSoonShareOneFrameAndItsMoment) {
    std::vector<std::unique_ptr<FakeClient>> clients;
    for (int round = 0; round < 1000; ++round) {
        if (round % 4 == 0 && clients.size() < 60) {
            clients.push_back(join());
        }
        change("shop", round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        loop_.run_for(5ms);
    }
    for (auto const& client : clients) {
        EXPECT_EQ(client->frames.back(), clients.front()->frames.back());
        EXPECT_EQ(client->times.back(), clients.front()->times.back());
    }
}

TEST_F(StatusFeedTest, WhoJoinsBetweenTwoPassesIsShownTheMapAtOnceAndJoinsThem) {
    auto const first = join();
    std::unique_ptr<FakeClient> second;
    SteadyTime joined_at;
    for (int round = 0; round < 200; ++round) {
        if (round == 110) {
            joined_at = loop_.now().steady;
            second = join();
        }
        change("shop", round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        loop_.run_for(10ms);
    }
    ASSERT_GE(second->times.size(), 3U);
    EXPECT_EQ(second->times[0], joined_at);
    EXPECT_GE(second->times[1] - joined_at, 250ms);
    EXPECT_LT(second->times[1] - joined_at, 500ms);
    for (std::size_t index = 1; index < second->times.size(); ++index) {
        EXPECT_EQ(std::count(first->times.begin(), first->times.end(), second->times[index]), 1)
            << "one of the first one's moments";
    }
}

TEST_F(StatusFeedTest, ASlowClientGetsTheNewestAndSlowsNobody) {
    auto const slow = join(true);
    auto const quick = join();
    for (int round = 0; round < 20; ++round) {
        change("shop", HealthStatus::down);
        loop_.run_for(250ms);
    }
    change("shop", HealthStatus::degraded);
    loop_.run_for(1s);
    EXPECT_EQ(slow->frames.size(), 1U);
    EXPECT_GE(quick->frames.size(), 20U);
    slow->stuck = false;
    slow->take();
    loop_.run_for(1s);
    ASSERT_EQ(slow->frames.size(), 2U) << "what lay between is not sent";
    EXPECT_NE(slow->last().find("\"degraded\""), std::string::npos);
}

TEST_F(StatusFeedTest, LargeFramesComeLessOften) {
    FleetDelta delta;
    for (int index = 10; index < 20'010; ++index) {
        delta.projects.push_back(project_view(index, "project-" + std::to_string(index)));
    }
    model_.apply(std::move(delta));
    auto const client = join();
    for (int round = 0; round < 400; ++round) {
        change("shop", round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        loop_.run_for(25ms);
    }
    std::size_t bytes = 0;
    for (auto const& frame : client->frames) {
        bytes += frame->size();
    }
    EXPECT_GT(client->frames.size(), 5U);
    EXPECT_LE(bytes, 11U * 4'000'000U) << "over ten seconds, and the first";
}

TEST_F(StatusFeedTest, LargeFramesAreSharedByAllAsWell) {
    StatusFeed slow(model_, loop_, loop_, {.bytes_per_second = 700});
    std::vector<std::unique_ptr<FakeClient>> clients;
    for (int round = 0; round < 600; ++round) {
        if (round % 7 == 0 && clients.size() < 20) {
            clients.push_back(std::make_unique<FakeClient>(loop_));
            clients.back()->session = slow.join({}, *clients.back());
            clients.back()->session->opened();
        }
        change("shop", round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        slow.changed();
        loop_.run_for(20ms);
    }
    auto const gap = Millis(clients.front()->frames.front()->size() * 1000 / 700);
    ASSERT_GT(gap, 260ms) << "longer than between two passes";
    ASSERT_LT(gap, 400ms) << "a second pass comes long after it";
    for (auto const& client : clients) {
        ASSERT_GT(client->times.size(), 3U);
        EXPECT_EQ(client->frames.back(), clients.front()->frames.back());
        for (std::size_t index = 1; index < client->times.size(); ++index) {
            auto const pause = client->times[index] - client->times[index - 1];
            EXPECT_GE(pause, gap - 20ms);
            if (index > 1) {
                EXPECT_LT(pause, gap + 50ms) << "once it shares the moment of the others";
            }
        }
    }
}

TEST_F(StatusFeedTest, AnswersPings) {
    auto const client = join();
    run();
    client->say(R"({"type":"ping"})");
    EXPECT_EQ(client->last(), R"({"type":"pong"})");
}

TEST_F(StatusFeedTest, TellsWhatItDoesNotUnderstand) {
    auto const client = join();
    run();
    client->say("hello");
    run();
    EXPECT_EQ(client->last(), R"({"type":"error","error":"message is not readable JSON"})");
    client->say(R"({"type":"subscribe","channels":["status-update","health"]})");
    run();
    EXPECT_EQ(client->last(),
              R"({"type":"error","error":"unknown channel 'health': channels here are )"
              R"(status-update and project:<name>"})");
    client->say(R"({"type":"subscribe","channels":["project:a/b"]})");
    run();
    EXPECT_NE(client->last().find("unknown channel 'project:a/b'"), std::string::npos);
    change("shop", HealthStatus::down);
    loop_.run_for(1s);
    EXPECT_NE(client->last().find("status-update"), std::string::npos) << "nothing was narrowed";
}

TEST_F(StatusFeedTest, NarrowsToTheProjectsThatAreNamed) {
    change("bank", HealthStatus::up);
    auto const client = join();
    run();
    client->say(R"({"type":"subscribe","channels":["project:shop","project:1","project:none"]})");
    EXPECT_EQ(client->last(),
              R"({"type":"subscribed","channels":["project:1","project:none","project:shop"]})");
    loop_.run_for(1s);
    ASSERT_EQ(client->frames.size(), 3U);
    std::string shop;
    model_.append_member(shop, ProjectId{1});
    EXPECT_EQ(client->last().substr(0, client->last().find(",\"timestamp\"")),
              R"({"type":"status-update","data":{)" + shop + "}");
    change("bank", HealthStatus::down);
    loop_.run_for(1s);
    EXPECT_EQ(client->frames.size(), 3U) << "another project's change is not shown";
    change("shop", HealthStatus::down);
    loop_.run_for(1s);
    EXPECT_EQ(client->frames.size(), 4U);
    FleetDelta removal;
    removal.removed_projects.push_back(ProjectId{1});
    model_.apply(std::move(removal));
    feed_.changed();
    loop_.run_for(1s);
    EXPECT_NE(client->last().find(R"("data":{},)"), std::string::npos);
}

TEST_F(StatusFeedTest, KeepsNarrowedFramesWithinTheirBytes) {
    StatusFeed small(model_, loop_, loop_, {.narrowed_bytes = 2'000});
    std::vector<std::unique_ptr<FakeClient>> clients;
    auto const see = [&](std::string const& channels) {
        Request request;
        request.target.query.push_back({"channels", channels});
        auto client = std::make_unique<FakeClient>(loop_);
        client->session = small.join(request, *client);
        client->session->opened();
        clients.push_back(std::move(client));
        return clients.back()->frames.front();
    };
    auto const first = see("project:shop");
    EXPECT_EQ(see("project:shop"), first) << "shared";
    for (int index = 0; index < 50; ++index) {
        static_cast<void>(see("project:shop,project:other-" + std::to_string(index)));
        EXPECT_LE(small.narrowed_bytes(), 2'000U);
        EXPECT_GT(small.narrowed_bytes(), 0U);
    }
    auto const newest = see("project:shop,project:other-49");
    EXPECT_EQ(newest, clients[51]->frames.front()) << "the newest is kept";
    auto const long_one = see("project:shop,project:" + std::string(200, 'x'));
    EXPECT_EQ(*long_one, *see("project:shop,project:" + std::string(200, 'x')));
}

TEST_F(StatusFeedTest, WidensAndSilencesAgain) {
    auto const client = join();
    run();
    client->say(R"({"type":"subscribe","channels":["project:shop"]})");
    run();
    client->say(R"({"type":"subscribe","channels":["status-update"]})");
    run();
    EXPECT_EQ(client->last(),
              R"({"type":"subscribed","channels":["status-update","project:shop"]})");
    client->say(R"({"type":"unsubscribe","channels":["status-update","project:shop"]})");
    loop_.run_for(1s);
    EXPECT_EQ(client->last(), R"({"type":"subscribed","channels":[]})");
    change("shop", HealthStatus::down);
    loop_.run_for(1s);
    EXPECT_EQ(client->last(), R"({"type":"subscribed","channels":[]})");
}

TEST_F(StatusFeedTest, BoundsTheRepliesToAClientThatDoesNotRead) {
    auto const client = join(true);
    int taken = 0;
    while (client->session->takes_messages()) {
        client->say(R"({"type":"ping"})");
        ASSERT_LT(++taken, 100);
    }
    client->stuck = false;
    client->take();
    loop_.run_for(1s);
    EXPECT_EQ(client->frames.size(), 1U + static_cast<std::size_t>(taken));
    EXPECT_TRUE(client->session->takes_messages());
}

TEST_F(StatusFeedTest, PingsDoNotKeepTheMapFromComing) {
    auto const client = join();
    for (int round = 0; round < 500; ++round) {
        change("shop", round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        client->say(R"({"type":"ping"})");
        client->say(R"({"type":"ping"})");
        loop_.run_for(2ms);
    }
    int maps = 0;
    for (auto const& frame : client->frames) {
        maps += frame->find("status-update") != std::string::npos ? 1 : 0;
    }
    EXPECT_GE(maps, 4);
}

TEST_F(StatusFeedTest, CountsThePicturesThatASlowClientDidNotGet) {
    auto const slow = join(true);
    auto const quick = join();
    for (int round = 0; round < 4; ++round) {
        change("shop", round % 2 == 0 ? HealthStatus::down : HealthStatus::up);
        loop_.run_for(300ms);
    }
    EXPECT_EQ(feed_.coalesced(), 4U);
}

TEST_F(StatusFeedTest, MayBeNarrowedFromTheStart) {
    change("bank", HealthStatus::up);
    auto client = std::make_unique<FakeClient>(loop_);
    Request request;
    request.target.query = {{"channels", "project:bank"}};
    EXPECT_EQ(feed_.objection(request), std::nullopt);
    client->session = feed_.join(request, *client);
    client->session->opened();
    std::string bank;
    model_.append_member(bank, ProjectId{2});
    EXPECT_EQ(client->last().substr(0, client->last().find(",\"timestamp\"")),
              R"({"type":"status-update","data":{)" + bank + "}");
    request.target.query = {{"channels", "health"}};
    EXPECT_EQ(feed_.objection(request),
              "channels: unknown channel 'health': channels here are status-update and "
              "project:<name>");
    request.target.query = {{"channels", "project:a"}, {"channels", "project:b"}};
    EXPECT_EQ(feed_.objection(request), "channels must be given once");
}

TEST_F(StatusFeedTest, ForgetsClientsThatLeave) {
    {
        auto const client = join();
        run();
        EXPECT_EQ(feed_.clients(), 1U);
    }
    EXPECT_EQ(feed_.clients(), 0U);
    change("shop", HealthStatus::down);
    loop_.run_for(1s);
    auto const later = join();
    EXPECT_NE(later->last().find("\"down\""), std::string::npos) << "a late one sees the newest";
}

}  // namespace
}  // namespace muster
