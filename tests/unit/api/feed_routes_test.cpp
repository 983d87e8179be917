#include <muster/api/feed_routes.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/api/feed_reader.hpp>
#include <muster/api/feed_snapshots.hpp>
#include <muster/api/target.hpp>
#include <muster/memory/memory_journal.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/holds.hpp>
#include <muster/testing/record_story.hpp>
#include <unit/api/deltas.hpp>

namespace muster {
namespace {

/// A journal of which the model has seen all that was told.
class FeedRoute : public ::testing::Test {
protected:
    explicit FeedRoute(MemoryJournal::Options options = {}) : journal_(disk_, std::move(options)) {
        add_feed_route(router_, {model_, lane_, *reader_, loop_, "hub-main"});
    }

    void write(RecordBody const& body, std::uint64_t epoch = 5) {
        Bytes frames;
        append_frame(frames, {epoch, ++seq_}, body);
        ASSERT_TRUE(journal_.write(frames, {epoch, seq_}, loop_.now().wall));
        ASSERT_TRUE(journal_.synced(journal_.sync_job()()));
        FleetDelta delta;
        delta.epoch = epoch;
        delta.seq = seq_;
        model_.apply(std::move(delta));
    }
    void write_check(int second) {
        write(testing::passed_check(ServiceId{7}, testing::kStart + std::chrono::seconds(second)));
    }

    std::string ask(std::string_view target, unsigned status = 200) {
        Request request;
        request.target = parse_target(target).value();
        std::optional<Response> got;
        router_.handle(std::move(request),
                       [&got](Response response) { got = std::move(response); });
        while (!got && loop_.run_one()) {}
        EXPECT_TRUE(got) << target;
        EXPECT_EQ(got->status, status) << got->body.text();
        return got->body.text();
    }
    Result<FeedPage> read(Position after, std::size_t limit = 1'000) {
        return read_feed(*reader_, {after, seq_, limit});
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.queue_limit = 1}};
    MemoryDisk disk_;
    MemoryJournal journal_;
    std::unique_ptr<JournalReader> reader_{journal_.reader()};
    ReadModel model_;
    Router router_{loop_, Origins({"*"})};
    std::uint64_t seq_{0};
};

TEST_F(FeedRoute, BeginsWithASnapshotAndGoesOnBehindIt) {
    write(HubStarted{"hub-main", "1", loop_.now().wall});
    write_check(1);
    auto const snapshot = ask("/api/feed");
    EXPECT_TRUE(testing::holds(snapshot,
                               R"("data":{"hubId":"hub-main","gap":false,"snapshot":{"projects":)"))
        << snapshot;
    EXPECT_TRUE(testing::holds(snapshot, R"("records":[],"next":"5:2","more":false})")) << snapshot;
    write_check(2);
    write_check(3);
    auto const records = ask("/api/feed?after=5:2");
    EXPECT_TRUE(
        testing::holds(records, R"("gap":false,"snapshot":null,"records":[{"epoch":5,"seq":3,)"))
        << records;
    EXPECT_TRUE(testing::holds(records, R"("seq":4,)") &&
                testing::holds(records, R"("next":"5:4","more":false)"));
    EXPECT_TRUE(
        testing::holds(ask("/api/feed?after=5:4"), R"("records":[],"next":"5:4","more":false)"));
}

TEST_F(FeedRoute, ManyWhoAskAtOnceShareOneSnapshot) {
    lane_.set_options({.queue_limit = 2});  // one snapshot, one look into the journal
    write_check(1);
    std::vector<Response> answers;
    auto const ask_for = [&](std::string_view target) {
        Request request;
        request.target = parse_target(target).value();
        router_.handle(std::move(request),
                       [&answers](Response response) { answers.push_back(std::move(response)); });
    };
    ask_for("/api/feed");
    ask_for("/api/feed");
    write_check(2);
    ask_for("/api/feed?after=4:1");
    EXPECT_TRUE(answers.empty());
    loop_.run_for(10ms);
    write_check(3);
    ask_for("/api/feed");
    ASSERT_EQ(answers.size(), 4U);
    for (auto const& response : answers) {
        EXPECT_EQ(response.status, 200U) << response.body.text();
        EXPECT_EQ(response.body.shared, answers.front().body.shared);
        EXPECT_TRUE(testing::holds(response.body.text(), R"("next":"5:1")"))
            << "the rest comes as records";
    }
    EXPECT_TRUE(testing::holds(answers[2].body.text(), R"("gap":true)"));
    EXPECT_TRUE(testing::holds(answers[3].body.text(), R"("gap":false)"));
    loop_.run_for(FeedSnapshots::kSharedFor);
    EXPECT_TRUE(testing::holds(ask("/api/feed"), R"("next":"5:3")")) << "not for long";
}

TEST_F(FeedRoute, ASharedSnapshotHoldsWhatWasRegisteredBefore) {
    write_check(1);
    static_cast<void>(ask("/api/feed"));
    auto delta = delta_of(project_view(1, "shop"));
    auto project = std::make_shared<Project>();
    project->id = ProjectId{1};
    project->spec.name = "shop";
    delta.registered_projects.push_back(std::move(project));
    delta.epoch = 5;
    delta.seq = 2;
    model_.apply(std::move(delta));
    EXPECT_TRUE(testing::holds(ask("/api/feed"), R"("shop")"));
}

TEST_F(FeedRoute, ASnapshotAfterAGapIsNewerThanThePlaceThatIsGone) {
    write_check(1);
    static_cast<void>(ask("/api/feed"));
    write_check(2);
    write_check(3);
    disk_.damage(2);
    auto const text = ask("/api/feed?after=5:2");
    EXPECT_TRUE(testing::holds(text, R"("gap":true)") && testing::holds(text, R"("next":"5:3")"))
        << text;
}

TEST_F(FeedRoute, WhoNamesAPlaceThatLiesAheadSharesTheSnapshotToo) {
    write_check(1);
    static_cast<void>(ask("/api/feed"));
    write_check(2);
    auto const text = ask("/api/feed?after=5:99");
    EXPECT_TRUE(testing::holds(text, R"("gap":true)") && testing::holds(text, R"("next":"5:1")"))
        << text;
}

TEST_F(FeedRoute, ComesInPagesThatJoinWithoutAHole) {
    for (int second = 1; second <= 7; ++second) {
        write_check(second);
    }
    Position at{5, 1};
    std::size_t shown = 0;
    while (at.seq < seq_) {
        auto const page = read(at, 2);
        ASSERT_TRUE(page && !page->gap);
        EXPECT_LE(page->shown, 2U);
        EXPECT_EQ(page->next.seq, at.seq + page->shown);
        shown += page->shown;
        at = page->next;
    }
    EXPECT_EQ(shown, 6U);
    EXPECT_TRUE(testing::holds(ask("/api/feed?after=5:1&limit=2"), R"("next":"5:3","more":true)"));
}

TEST_F(FeedRoute, ReadsOverWhatItDoesNotShow) {
    write_check(1);
    write(ProjectMetrics{ProjectId{1}, loop_.now().wall, {}});
    write(HubProblem{"network", "away", false, loop_.now().wall});
    auto const page = read({5, 1});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->records, "[]");
    EXPECT_EQ(page->next, (Position{5, 3}));
}

TEST_F(FeedRoute, GoesOnOverAStartOfTheHub) {
    write_check(1);
    write(HubStopped{loop_.now().wall});
    write(HubStarted{"hub-main", "1", loop_.now().wall}, 6);
    auto const text = ask("/api/feed?after=5:1");
    EXPECT_TRUE(testing::holds(text, "hub_stopped") && testing::holds(text, "hub_started")) << text;
    EXPECT_TRUE(testing::holds(text, R"("next":"6:3")")) << text;
}

TEST_F(FeedRoute, TellsAGapWhereTheRecordsBehindAreGone) {
    for (int second = 1; second <= 4; ++second) {
        write_check(second);
    }
    ASSERT_TRUE(journal_.trim(3, loop_.now().wall + 24h));
    auto const text = ask("/api/feed?after=5:1");
    EXPECT_TRUE(testing::holds(text, R"("gap":true,"snapshot":{)")) << text;
    EXPECT_TRUE(testing::holds(text, R"("next":"5:4")")) << text;
}

TEST_F(FeedRoute, TellsAGapToWhomAnotherJournalWasKnown) {
    write_check(1);
    write_check(2);
    EXPECT_TRUE(read({4, 1})->gap) << "the same number in another epoch";
    EXPECT_TRUE(read({5, 3})->gap) << "further than this journal";
    EXPECT_FALSE(read({5, 2})->gap);
}

TEST_F(FeedRoute, TellsAGapWhereTheJournalIsDamaged) {
    write_check(1);
    write_check(2);
    disk_.damage(2);
    EXPECT_TRUE(read({5, 1})->gap);
}

/// A journal that sixteen checks nearly fill, the oldest of which gave way.
class ShrunkenFeed : public FeedRoute {
protected:
    ShrunkenFeed() : FeedRoute(room_for_sixteen()) {
        for (int second = 1; second <= 16; ++second) {
            write_check(second);
        }
        auto job = journal_.shrink_job();
        EXPECT_TRUE(job && job());
        auto const oldest = reader_->read(0, seq_, 1);
        FrameScanner scanner(oldest->frames);
        EXPECT_EQ(scanner.next(), FrameScanner::Found::frame);
        stand_in_ = scanner.frame().position;
    }

    static MemoryJournal::Options room_for_sixteen() {
        Bytes one;
        append_frame(one, {5, 1}, testing::passed_check(ServiceId{7}, testing::kStart));
        MemoryJournal::Options options;
        options.limit_bytes = one.size() * 33 / 2;
        return options;
    }

    Position stand_in_;
};

TEST_F(ShrunkenFeed, TellsAGapWhereRecordsGaveWay) {
    ASSERT_GT(stand_in_.seq, 2U);
    ASSERT_LT(stand_in_.seq, 16U);
    EXPECT_TRUE(read({5, 1})->gap) << "a place inside of what gave way";
    EXPECT_TRUE(read({5, stand_in_.seq - 1})->gap) << "the last of what gave way is missing";
    auto const text = ask("/api/feed?after=5:1");
    EXPECT_TRUE(testing::holds(text, R"("gap":true,"snapshot":{)")) << text;
    EXPECT_TRUE(testing::holds(text, R"("records":[],"next":"5:16")")) << text;
    auto const behind = read(stand_in_);
    ASSERT_FALSE(behind->gap) << "it had all of them";
    EXPECT_EQ(behind->shown, 16U - stand_in_.seq);
}

TEST_F(FeedRoute, TellsAGapWhereAPageMeetsAStandIn) {
    write_check(1);
    write(Gap{2, 2, "limit", "1 results and metrics gave way", loop_.now().wall});
    write_check(3);
    EXPECT_TRUE(read({5, 1})->gap);
    EXPECT_FALSE(read({5, 2})->gap);
}

TEST_F(FeedRoute, ReadsOverGapsOfTheHubsOwnFollowers) {
    write_check(1);
    write(Gap{1, 1, "store", "the store was away", loop_.now().wall});
    write_check(3);
    auto const page = read({5, 1});
    EXPECT_FALSE(page->gap);
    EXPECT_EQ(page->shown, 1U);
}

TEST_F(FeedRoute, AsksNobodyToComeAgainAtOnceWhereNothingCame) {
    write_check(1);
    FleetDelta ahead;
    ahead.epoch = 5;
    ahead.seq = 2;
    model_.apply(std::move(ahead));
    auto const text = ask("/api/feed?after=5:1");
    EXPECT_TRUE(testing::holds(text, R"("gap":false)") &&
                testing::holds(text, R"("next":"5:1","more":false)"))
        << text;
}

TEST_F(FeedRoute, SaysWhatIsWrong) {
    EXPECT_TRUE(testing::holds(ask("/api/feed", 503), "Starting"));
    write_check(1);
    EXPECT_TRUE(testing::holds(ask("/api/feed?after=7", 400), "after must be EPOCH:SEQ"));
    EXPECT_TRUE(
        testing::holds(ask("/api/feed?after=7:0", 400),
                       "with SEQ from 1, not '7:0': leave it out to begin with a snapshot"));
    EXPECT_TRUE(testing::holds(ask("/api/feed?limit=1001", 400), "limit must be"));
    disk_.fail_reads(Error{Errc::unavailable, "I/O error"});
    EXPECT_TRUE(testing::holds(ask("/api/feed?after=5:1", 503), "I/O error"));
    ASSERT_TRUE(lane_.submit([] {}, [] {}));
    EXPECT_TRUE(testing::holds(ask("/api/feed", 503), "too many consumers"));
}

}  // namespace
}  // namespace muster
