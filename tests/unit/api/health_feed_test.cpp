#include <muster/api/health_feed.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include <muster/memory/simulated_loop.hpp>
#include <unit/api/fake_client.hpp>
#include <unit/api/health_picture.hpp>

namespace muster {
namespace {

/// A hub, its edge and the feed of it.
struct World {
    explicit World(HealthFeed::Options options = {}) : feed(model, loop, options) {}

    std::unique_ptr<FakeClient> join(std::optional<LivePosition> since = std::nullopt,
                                     std::string const& channels = "") {
        Request request;
        if (since) {
            request.target.query.push_back({"since", to_text(*since)});
        }
        if (!channels.empty()) {
            request.target.query.push_back({"channels", channels});
        }
        EXPECT_EQ(feed.objection(request), std::nullopt);
        auto client = std::make_unique<FakeClient>(loop);
        client->session = feed.join(request, *client);
        client->session->opened();
        return client;
    }
    void run() { loop.run_for(1s); }

    SimulatedLoop loop;
    ReadModel model;
    HealthFeed feed;
    HealthStory story{model, feed};
};

std::vector<std::string> types_of(FakeClient const& client) {
    std::vector<std::string> types;
    for (auto const& frame : client.whole) {
        types.emplace_back(frame.type);
    }
    return types;
}

nlohmann::json last_of(FakeClient const& client) {
    return nlohmann::json::parse(client.last());
}

class HealthFeedTest : public ::testing::Test {
protected:
    HealthFeedTest() {
        world_.story.add(1, "shop", "db");
        world_.story.add(2, "shop", "web");
        world_.story.add(3, "bank", "db");
        world_.story.reset();
        world_.story.publish();
    }

    World world_;
    HealthStory& story_{world_.story};
};

TEST_F(HealthFeedTest, ShowsASnapshotAndThenEachChangeAtOnce) {
    auto const client = world_.join();
    world_.run();
    ASSERT_EQ(client->frames.size(), 1U);
    auto const snapshot = last_of(*client);
    EXPECT_EQ(snapshot.at("type"), "snapshot");
    EXPECT_EQ(snapshot.at("epoch"), world_.feed.position().epoch);
    EXPECT_EQ(snapshot.at("seq"), 0);
    ASSERT_EQ(snapshot.at("services").size(), 3U);
    EXPECT_EQ(snapshot.at("services")[0].at("name"), "db");
    EXPECT_EQ(snapshot.at("services")[2].at("project"), "bank");
    EXPECT_EQ(snapshot.at("timestamp"), "2023-11-14T22:13:20.000Z");

    auto const before = world_.loop.now().steady;
    story_.set(1, HealthStatus::down);
    story_.publish();
    ASSERT_EQ(client->frames.size(), 2U) << "within the call that tells it";
    EXPECT_EQ(client->times.back(), before);
    auto const change = last_of(*client);
    EXPECT_EQ(change.at("type"), "health");
    EXPECT_EQ(change.at("seq"), 1);
    EXPECT_EQ(change.at("service").at("id"), 1);
    EXPECT_EQ(change.at("service").at("status"), "down");
    EXPECT_EQ(change.at("previousStatus"), "unknown");
    EXPECT_EQ(change.at("reason").at("cause"), "failures");
    EXPECT_FALSE(change.contains("removed"));
}

TEST_F(HealthFeedTest, NumbersEveryChangeAndEachShowsItsOwnStatus) {
    auto const client = world_.join();
    world_.run();
    story_.set(1, HealthStatus::up);
    story_.set(1, HealthStatus::degraded);
    story_.set(1, HealthStatus::down);
    story_.publish();
    world_.run();
    ASSERT_EQ(client->frames.size(), 4U);
    std::vector<std::string> seen;
    for (std::size_t at = 1; at < client->frames.size(); ++at) {
        auto const frame = nlohmann::json::parse(*client->frames[at]);
        EXPECT_EQ(frame.at("seq"), at);
        seen.push_back(frame.at("previousStatus").get<std::string>() + ">" +
                       frame.at("service").at("status").get<std::string>());
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"unknown>up", "up>degraded", "degraded>down"}));
}

TEST_F(HealthFeedTest, PlainChecksAreNoChanges) {
    auto const client = world_.join();
    world_.run();
    story_.check(1, 17ms);
    story_.publish();
    world_.run();
    EXPECT_EQ(client->frames.size(), 1U);
    EXPECT_EQ(world_.feed.position().seq, 0U);
    auto const later = world_.join();
    EXPECT_EQ(last_of(*later).at("services")[0].at("responseTimeMs"), 17);
}

TEST_F(HealthFeedTest, TellsWhatBecomesOfServicesThemselves) {
    auto const client = world_.join();
    world_.run();
    auto const cause = [&] {
        story_.publish();
        world_.run();
        return last_of(*client).at("reason").at("cause").get<std::string>();
    };
    story_.add(4, "bank", "web");
    EXPECT_EQ(cause(), "registered");
    story_.redefine(4, "new");
    EXPECT_EQ(cause(), "changed");
    Overlays overlays;
    overlays.set(Overlay::maintenance, true);
    story_.overlay(4, overlays);
    EXPECT_EQ(cause(), "overlays");
    EXPECT_EQ(last_of(*client).at("service").at("overlays")[0], "maintenance");
    story_.set(4, HealthStatus::up);
    EXPECT_EQ(cause(), "failures");
    story_.remove(4);
    EXPECT_EQ(cause(), "removed");
    auto const removal = last_of(*client);
    EXPECT_EQ(removal.at("removed"), true);
    EXPECT_EQ(removal.at("previousStatus"), "up");
    EXPECT_EQ(removal.at("service").at("name"), "web");
    EXPECT_EQ(removal.at("service").at("status"), "unknown");
    EXPECT_EQ(removal.at("seq"), 5);
}

TEST_F(HealthFeedTest, GoesOnWhereAClientStood) {
    auto first = world_.join();
    world_.run();
    story_.set(1, HealthStatus::down);
    story_.publish();
    world_.run();
    auto const stood = *first->whole.back().position;
    EXPECT_EQ(stood.seq, 1U);
    first.reset();
    story_.set(2, HealthStatus::up);
    story_.set(3, HealthStatus::up);
    story_.publish();
    auto const again = world_.join(stood);
    world_.run();
    EXPECT_EQ(types_of(*again), (std::vector<std::string>{"health", "health"}));
    EXPECT_EQ(nlohmann::json::parse(*again->frames.front()).at("seq"), 2);
    auto const uptodate = world_.join(world_.feed.position());
    world_.run();
    EXPECT_TRUE(uptodate->frames.empty()) << "it has everything";
    EXPECT_EQ(world_.feed.counters().resumed, 2U);
    EXPECT_EQ(world_.feed.counters().too_late, 0U);
}

TEST_F(HealthFeedTest, ShowsASnapshotWhereAPlaceIsNotHeldOrNotOurs) {
    story_.set(1, HealthStatus::up);
    story_.publish();
    auto const here = world_.feed.position();
    for (LivePosition const elsewhere :
         {LivePosition{here.epoch - 1, 0}, LivePosition{here.epoch + 1, here.seq},
          LivePosition{here.epoch, here.seq + 1},
          LivePosition{here.epoch, 18'446'744'073'709'551'615U}}) {
        auto const client = world_.join(elsewhere);
        world_.run();
        EXPECT_EQ(types_of(*client), (std::vector<std::string>{"snapshot"}));
    }
    EXPECT_EQ(world_.feed.counters().too_late, 4U);
    // What is removed and comes back does not make the old numbers right.
    story_.reset();
    story_.publish();
    EXPECT_GT(world_.feed.position().epoch, here.epoch);
    auto const client = world_.join(here);
    EXPECT_EQ(types_of(*client), (std::vector<std::string>{"snapshot"}));
}

TEST(HealthFeed, HoldsNoMoreThanItMay) {
    World by_count({.held_frames = 5});
    World by_bytes({.held_bytes = 5'000});
    for (auto* const world : {&by_count, &by_bytes}) {
        world->story.add(1, "shop", "db");
        world->story.publish();
        for (int round = 0; round < 50; ++round) {
            world->story.set(1, round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
            world->story.publish();
            EXPECT_LE(world->feed.held(), world == &by_count ? 5U : 50U);
            EXPECT_LE(world->feed.held_bytes(), world == &by_bytes ? 5'000U : 50'000U);
        }
        EXPECT_GT(world->feed.held(), 2U);
        auto const here = world->feed.position();
        auto const oldest = here.seq - world->feed.held();
        auto const in_time = world->join(LivePosition{here.epoch, oldest});
        world->run();
        EXPECT_EQ(in_time->frames.size(), world->feed.held());
        EXPECT_EQ(in_time->whole.front().type, "health");
        auto const late = world->join(LivePosition{here.epoch, oldest - 1});
        world->run();
        EXPECT_EQ(types_of(*late), (std::vector<std::string>{"snapshot"}));
    }
}

TEST(HealthFeed, ASlowClientIsShownTheNewestAndSlowsNobody) {
    World world({.held_frames = 4});
    world.story.add(1, "shop", "db");
    world.story.reset();
    world.story.publish();
    auto const slow = world.join();
    auto const quick = world.join();
    slow->stuck = true;
    world.run();
    for (int round = 0; round < 20; ++round) {
        world.story.set(1, round % 2 == 0 ? HealthStatus::up : HealthStatus::down);
        world.story.publish();
        world.run();
    }
    EXPECT_EQ(quick->frames.size(), 21U);
    ASSERT_EQ(slow->frames.size(), 2U) << "the snapshot, and one that it does not take";
    slow->stuck = false;
    slow->take_soon();
    world.run();
    ASSERT_EQ(slow->frames.size(), 3U);
    EXPECT_EQ(slow->whole.back().type, "snapshot");
    EXPECT_EQ(last_of(*slow).at("seq"), 20);
    EXPECT_EQ(world.feed.counters().coalesced, 1U);
}

TEST_F(HealthFeedTest, AllClientsShareTheFrames) {
    std::vector<std::unique_ptr<FakeClient>> clients;
    for (int index = 0; index < 20; ++index) {
        clients.push_back(world_.join());
    }
    world_.run();
    story_.set(1, HealthStatus::down);
    story_.publish();
    for (auto const& client : clients) {
        EXPECT_EQ(client->frames, clients.front()->frames);
    }
}

TEST_F(HealthFeedTest, NarrowsToTheChannelsThatAreNamed) {
    auto const client = world_.join();
    world_.run();
    client->say(R"({"type":"subscribe","channels":["project:bank","project:none"]})");
    world_.run();
    EXPECT_EQ(types_of(*client), (std::vector<std::string>{"snapshot", "subscribed", "snapshot"}));
    ASSERT_EQ(last_of(*client).at("services").size(), 1U);
    EXPECT_EQ(last_of(*client).at("services")[0].at("project"), "bank");
    story_.set(1, HealthStatus::down);
    story_.set(3, HealthStatus::down);
    story_.publish();
    world_.run();
    ASSERT_EQ(client->frames.size(), 4U) << "another project's change is not shown";
    EXPECT_EQ(last_of(*client).at("service").at("id"), 3);
    EXPECT_EQ(last_of(*client).at("seq"), 2);
    client->say(R"({"type":"unsubscribe","channels":["project:bank","project:none"]})");
    story_.set(3, HealthStatus::up);
    story_.publish();
    world_.run();
    EXPECT_EQ(client->last(), R"({"type":"subscribed","channels":[]})");
    client->say(R"({"type":"subscribe","channels":["snapshot"]})");
    world_.run();
    EXPECT_EQ(last_of(*client).at("services").size(), 3U);
    story_.set(3, HealthStatus::down);
    story_.publish();
    world_.run();
    EXPECT_EQ(client->whole.back().type, "snapshot") << "the picture alone";
}

TEST_F(HealthFeedTest, MayBeNarrowedFromTheStart) {
    auto const client = world_.join(std::nullopt, "project:2,project:shop");
    EXPECT_EQ(last_of(*client).at("services").size(), 3U) << "by id and by name";
    auto const one = world_.join(world_.feed.position(), "project:shop");
    story_.set(3, HealthStatus::down);
    story_.set(1, HealthStatus::down);
    story_.publish();
    world_.run();
    EXPECT_EQ(one->frames.size(), 1U);
}

TEST_F(HealthFeedTest, AnswersMessagesBetweenTheChanges) {
    auto const client = world_.join();
    world_.run();
    client->say(R"({"type":"ping"})");
    EXPECT_EQ(client->last(), R"({"type":"pong"})");
    client->say("what?");
    client->say(R"({"type":"subscribe","channels":["status-update"]})");
    story_.set(1, HealthStatus::down);
    story_.publish();
    world_.run();
    EXPECT_EQ(types_of(*client),
              (std::vector<std::string>{"snapshot", "pong", "health", "error", "error"}))
        << "they take turns";
    EXPECT_EQ(client->last(),
              R"({"type":"error","error":"unknown channel 'status-update': channels here are )"
              R"(snapshot, health and project:<name>"})");
}

TEST_F(HealthFeedTest, BoundsTheRepliesToAClientThatDoesNotRead) {
    auto const client = world_.join();
    client->stuck = true;
    int taken = 0;
    while (client->session->takes_messages()) {
        client->say(R"({"type":"ping"})");
        ASSERT_LT(++taken, 100);
    }
    client->stuck = false;
    client->take_soon();
    world_.run();
    EXPECT_EQ(client->frames.size(), 1U + static_cast<std::size_t>(taken));
}

TEST_F(HealthFeedTest, RefusesAPlaceThatIsNone) {
    auto const objection = [this](std::vector<QueryParameter> query) {
        Request request;
        request.target.query = std::move(query);
        return world_.feed.objection(request).value_or("none");
    };
    EXPECT_EQ(objection({{"since", "1:2"}}), "none");
    EXPECT_EQ(objection({{"since", "1:2"}, {"other", "x"}}),
              "unknown parameter 'other': this call takes channels, since");
    EXPECT_EQ(objection({{"since", ""}}), "none");
    for (std::string const wrong : {"now", "12", "1:", ":", "1:-2"}) {
        EXPECT_EQ(
            objection({{"since", wrong}}),
            "since must be EPOCH:SEQ, two whole numbers as frames tell them, not '" + wrong + "'");
    }
    EXPECT_EQ(objection({{"since", "1:2"}, {"since", "1:3"}}), "since must be given once");
    EXPECT_EQ(objection({{"channels", "nothing"}}),
              "channels: unknown channel 'nothing': channels here are snapshot, health and "
              "project:<name>");
}

TEST_F(HealthFeedTest, BeginsAnewForEverybodyWhenTheHubDoes) {
    auto const client = world_.join();
    world_.run();
    story_.set(1, HealthStatus::down);
    story_.publish();
    world_.run();
    story_.reset();
    story_.publish();
    world_.run();
    EXPECT_EQ(types_of(*client), (std::vector<std::string>{"snapshot", "health", "snapshot"}));
    EXPECT_EQ(last_of(*client).at("seq"), 0);
    EXPECT_EQ(last_of(*client).at("epoch"), world_.feed.position().epoch);
}

TEST(HealthFeed, ALargeSnapshotIsSharedWhileItIsSent) {
    World world;
    for (int id = 1; id <= 3'000; ++id) {
        world.story.add(id, "shop", "service-" + std::to_string(id));
    }
    world.story.publish();
    auto const first = world.join();
    world.loop.run_for(150ms);
    world.story.set(7, HealthStatus::down);
    world.story.publish();
    auto const second = world.join();
    world.loop.run_for(10ms);
    ASSERT_GT(first->frames.front()->size(), 1U << 20U);
    EXPECT_EQ(second->frames.front(), first->frames.front());
    ASSERT_EQ(second->frames.size(), 2U) << "and what came after it";
    EXPECT_EQ(second->frames.back(), first->frames.back());
    world.loop.run_for(10s);
    auto const third = world.join();
    EXPECT_NE(third->frames.front(), first->frames.front());
    EXPECT_EQ(last_of(*third).at("seq"), 3'001);
}

TEST(HealthFeed, KeepsSnapshotsWithinTheirBytes) {
    World world({.snapshot_bytes = 30'000});
    for (int id = 1; id <= 40; ++id) {
        world.story.add(id, "p" + std::to_string(id), "app");
    }
    world.story.publish();
    std::vector<std::unique_ptr<FakeClient>> clients;
    for (int id = 1; id <= 40; ++id) {
        std::string channels;
        for (int other = id; other <= 40; ++other) {
            channels += (channels.empty() ? "project:p" : ",project:p") + std::to_string(other);
        }
        clients.push_back(world.join(std::nullopt, channels));
        EXPECT_LE(world.feed.snapshot_bytes(), 30'000U);
        EXPECT_GT(world.feed.snapshot_bytes(), 0U);
    }
    auto const again = world.join(std::nullopt, "project:p40");
    EXPECT_EQ(again->frames.front(), clients.back()->frames.front()) << "the newest is kept";
    World small({.snapshot_bytes = 1});
    auto const first = small.join();
    auto const second = small.join();
    EXPECT_EQ(first->frames.front(), second->frames.front()) << "one is, however large";
}

TEST(HealthFeed, ForgetsOldSnapshotsWhileNothingChanges) {
    World world;
    world.story.add(1, "shop", "app");
    world.story.publish();
    auto const client = world.join();
    EXPECT_GT(world.feed.snapshot_bytes(), 0U);
    world.run();
    world.feed.applied(HealthNews{});
    EXPECT_EQ(world.feed.snapshot_bytes(), 0U);
}

/// Clients that join, lag, drop and come again at any point: a snapshot and the numbered frames
/// behind it always come to what the hub is.
RC_GTEST_PROP(HealthFeed, ASnapshotAndTheNumberedFramesAreTheWholePicture, ()) {
    auto const pick = [](int below) { return *rc::gen::inRange(0, below); };
    World world({.held_frames = static_cast<std::size_t>(1 + pick(12)),
                 .held_bytes = pick(2) == 0 ? std::size_t{6'000} : std::size_t{1'000'000}});
    struct Member {
        HealthPicture picture;
        std::unique_ptr<FakeClient> client;
        std::size_t seen{0};

        void look() {
            for (; client && seen < client->whole.size(); ++seen) {
                picture.take(client->whole[seen]);
            }
        }
    };
    std::vector<Member> members(4);
    auto const steps = pick(60);
    for (int step = 0; step < steps; ++step) {
        auto& story = world.story;
        auto const id = 1 + pick(6);
        auto const status = static_cast<HealthStatus>(pick(4));
        switch (pick(12)) {
            case 0:
            case 1:
                if (!story.has(id)) {
                    story.add(id, "p" + std::to_string(id % 3), "s" + std::to_string(id));
                }
                break;
            case 2:
                if (story.has(id)) {
                    story.remove(id);
                }
                break;
            case 3:
                if (story.has(id)) {
                    story.redefine(id, std::to_string(step));
                }
                break;
            case 4:
                if (story.has(id)) {
                    story.overlay(id, *Overlays::of_bits(static_cast<std::uint8_t>(pick(8))));
                }
                break;
            case 5:
                if (story.has(id)) {
                    story.publish();
                    story.set(id, status, false);
                    story.publish();
                }
                break;
            case 6:
                if (pick(4) == 0) {
                    story.reset();
                }
                break;
            default:
                if (story.has(id)) {
                    story.set(id, status);
                }
                break;
        }
        if (pick(3) != 0) {
            story.publish();
        }
        auto& member = members[static_cast<std::size_t>(pick(4))];
        switch (pick(5)) {
            case 0:  // comes, or comes again
                if (!member.client) {
                    auto const stood = member.picture.snapshots > 0
                                           ? std::optional(member.picture.position)
                                           : std::nullopt;
                    member.client = world.join(stood);
                    member.seen = 0;
                }
                break;
            case 1:  // drops, with what it has seen
                member.look();
                member.client.reset();
                break;
            case 2:  // takes nothing for a while
                if (member.client) {
                    member.client->stuck = true;
                }
                break;
            case 3:
                if (member.client && std::exchange(member.client->stuck, false)) {
                    member.client->take_soon();
                }
                break;
            default:
                break;
        }
        world.loop.run_for(Millis(pick(200)));
        for (auto& each : members) {
            each.look();
        }
    }
    world.story.publish();
    for (auto& member : members) {
        if (!member.client) {
            auto const stood = member.picture.snapshots > 0 ? std::optional(member.picture.position)
                                                            : std::nullopt;
            member.client = world.join(stood);
            member.seen = 0;
        } else if (std::exchange(member.client->stuck, false)) {
            member.client->take_soon();
        }
        world.run();
        member.look();
        RC_ASSERT(member.picture.rows == world.story.rows());
        RC_ASSERT(member.picture.position == world.feed.position());
    }
}

}  // namespace
}  // namespace muster
