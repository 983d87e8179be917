#include <muster/api/stream_feed.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <unit/api/fake_client.hpp>
#include <unit/api/health_picture.hpp>

namespace muster {
namespace {

using Types = std::vector<std::string>;

class StreamFeedTest : public ::testing::Test {
protected:
    StreamFeedTest() {
        story_.add(1, "shop", "db");
        story_.add(2, "bank", "db");
        story_.reset();
        publish();
    }

    void publish() {
        story_.publish();
        status_.changed();
    }
    void set(std::int64_t id, HealthStatus status) {
        story_.set(id, status);
        ProjectView view;
        view.id = ProjectId{id};
        view.name = id == 1 ? "shop" : "bank";
        view.status = status;
        story_.delta().projects = {view};
        publish();
    }

    std::unique_ptr<FakeClient> join(Request const& request, bool stuck = false) {
        EXPECT_EQ(stream_.objection(request), std::nullopt);
        auto client = std::make_unique<FakeClient>(loop_);
        client->stuck = stuck;
        client->session = stream_.join(request, *client);
        client->session->opened();
        return client;
    }
    static Request asking(std::vector<QueryParameter> query, std::string last_event_id = "") {
        Request request;
        request.target.path = "/api/stream";
        request.target.segments = {"api", "stream"};
        request.target.query = std::move(query);
        request.last_event_id = std::move(last_event_id);
        return request;
    }
    static Types types_of(FakeClient const& client) {
        Types types;
        for (auto const& frame : client.whole) {
            types.emplace_back(frame.type);
        }
        return types;
    }

    SimulatedLoop loop_;
    ReadModel model_;
    StatusFeed status_{model_, loop_, loop_};
    HealthFeed health_{model_, loop_};
    HealthStory story_{model_, health_};
    StreamFeed stream_{status_, health_};
};

TEST_F(StreamFeedTest, ShowsWhatBothFeedsShowAndSharesTheirFrames) {
    auto const first = join(asking({}));
    auto const second = join(asking({}));
    loop_.run_for(1s);
    set(1, HealthStatus::down);
    loop_.run_for(1s);
    EXPECT_EQ(types_of(*first), (Types{"status-update", "snapshot", "health", "status-update"}));
    EXPECT_EQ(first->frames, second->frames);
    EXPECT_EQ(first->whole[0].position, std::nullopt);
    EXPECT_EQ(first->whole[2].position, health_.position());
}

TEST_F(StreamFeedTest, LetsBothTakeTurns) {
    auto const client = join(asking({}), true);
    for (int round = 0; round < 10; ++round) {
        set(1, round % 2 == 0 ? HealthStatus::down : HealthStatus::up);
        loop_.run_for(300ms);
    }
    EXPECT_EQ(client->frames.size(), 1U) << "one at a time";
    client->stuck = false;
    client->take_soon();
    loop_.run_for(1s);
    auto const types = types_of(*client);
    EXPECT_EQ((Types(types.begin(), types.begin() + 4)),
              (Types{"status-update", "snapshot", "status-update", "health"}));
    EXPECT_EQ(types.size(), 13U) << "every change, and the newest map";
}

TEST_F(StreamFeedTest, ShowsTheChannelsThatAreNamed) {
    auto const types = [this](std::string const& channels) {
        auto const client = join(asking({{"channels", channels}}));
        loop_.run_for(1s);
        set(1, HealthStatus::down);
        loop_.run_for(1s);
        set(1, HealthStatus::up);
        loop_.run_for(1s);
        return types_of(*client);
    };
    EXPECT_EQ(types("status-update"), (Types{"status-update", "status-update", "status-update"}));
    EXPECT_EQ(types("health"), (Types{"snapshot", "health", "health"}));
    EXPECT_EQ(types("snapshot"), (Types{"snapshot"}));
    EXPECT_EQ(types("project:bank"), (Types{"status-update", "snapshot"}));
    EXPECT_EQ(types("project:shop,snapshot"), (Types{"status-update", "snapshot", "health",
                                                     "status-update", "health", "status-update"}));
}

TEST_F(StreamFeedTest, GoesOnWhereTheClientStood) {
    set(1, HealthStatus::down);
    auto const stood = health_.position();
    set(1, HealthStatus::up);
    set(1, HealthStatus::down);
    LivePosition const older{stood.epoch, 0};
    auto const numbered = [this](Request const& request) {
        auto const client = join(request);
        loop_.run_for(1s);
        Types types;
        for (auto const& frame : client->whole) {
            if (frame.position) {
                types.emplace_back(frame.type);
            }
        }
        return types;
    };
    EXPECT_EQ(numbered(asking({{"since", to_text(stood)}})), (Types{"health", "health"}));
    EXPECT_EQ(numbered(asking({}, to_text(stood))), (Types{"health", "health"}));
    EXPECT_EQ(numbered(asking({{"since", to_text(older)}}, to_text(stood))),
              (Types{"health", "health"}))
        << "the header is newer than the URL";
    EXPECT_EQ(numbered(asking({}, "of another server")), (Types{"snapshot"}));
}

TEST_F(StreamFeedTest, SaysWhatIsWrong) {
    EXPECT_EQ(stream_.objection(asking({{"since", "x"}})),
              "since must be EPOCH:SEQ, two whole numbers as the ids of events are, not 'x'");
    EXPECT_EQ(stream_.objection(asking({{"channels", "alerts"}})),
              "channels: unknown channel 'alerts': channels here are status-update, snapshot, "
              "health and project:<name>");
}

TEST_F(StreamFeedTest, IsARouteLikeEveryOther) {
    Router router(loop_, Origins({"https://ops.example"}));
    add_stream_route(router, stream_);
    auto const ask = [&router](Method method, Request request) {
        request.method = method;
        request.origin = "https://ops.example";
        std::optional<Response> answer;
        router.handle(std::move(request), [&](Response got) { answer = std::move(got); });
        return answer.value_or(Response());
    };
    auto const open = ask(Method::get, asking({}));
    EXPECT_EQ(open.status, 200U);
    EXPECT_EQ(open.content_type, "text/event-stream; charset=utf-8");
    EXPECT_EQ(open.header("Cache-Control"), "no-cache");
    EXPECT_EQ(open.header("Access-Control-Allow-Origin"), "https://ops.example");
    EXPECT_EQ(open.body.text(), "retry: 2000\n\n");
    ASSERT_TRUE(open.stream);
    FakeClient client(loop_);
    client.session = open.stream(client);
    client.session->opened();
    EXPECT_EQ(types_of(client), (Types{"status-update"}));

    EXPECT_EQ(ask(Method::head, asking({})).status, 200U);
    EXPECT_EQ(ask(Method::post, asking({})).status, 405U);
    auto const refused = ask(Method::get, asking({{"since", "x"}}));
    EXPECT_EQ(refused.status, 400U);
    EXPECT_FALSE(refused.stream);
    EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "https://ops.example");
}

}  // namespace
}  // namespace muster
