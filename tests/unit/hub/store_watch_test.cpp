#include <muster/hub/store_watch.hpp>

#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

/// Away when it is told so; a large batch adds to its answers as it is got on with.
class FarStore final : public ResultStore, public ServerAnswers {
public:
    [[nodiscard]] Result<Cursor> cursor(std::string const& hub_id) override {
        EXPECT_EQ(hub_id, "hub-main");
        ++asked;
        ++given;
        if (failing) {
            return failure(*failing, "connection refused");
        }
        return Cursor{};
    }
    [[nodiscard]] std::uint64_t answers() const override { return given; }
    [[nodiscard]] Result<void> append(StoreBatch const&) override { return {}; }
    void keep_since(KeptSince const&) override {}
    [[nodiscard]] std::uint64_t too_old() const override { return 0; }
    [[nodiscard]] Result<void> bury(StoreBatch const&, std::string const&) override { return {}; }
    [[nodiscard]] Result<RollupState> rollup_state(std::string const&) override {
        return RollupState{};
    }
    [[nodiscard]] Result<void> roll_up(RollupBatch const&) override { return {}; }
    [[nodiscard]] Result<void> note_alive(std::string const&, WallTime) override { return {}; }
    [[nodiscard]] Result<bool> forget(Retention const&) override { return false; }

    std::optional<Errc> failing;
    int asked{0};
    std::uint64_t given{0};
};

class StoreWatchTest : public ::testing::Test {
protected:
    [[nodiscard]] bool working() const { return watch_->condition().working; }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_};
    FarStore store_;
    int turns_{0};
    std::unique_ptr<StoreWatch> watch_ = std::make_unique<StoreWatch>(
        "hub-main", store_, store_, lane_, loop_, loop_, [this] { ++turns_; });
};

TEST_F(StoreWatchTest, NoticesAStoreThatGoesAndComesWithNothingToWrite) {
    watch_->start();
    loop_.run_for(10s);
    EXPECT_TRUE(working());
    EXPECT_NEAR(store_.asked, 40, 1);
    store_.failing = Errc::unavailable;
    loop_.run_for(250ms);
    EXPECT_FALSE(working());
    EXPECT_EQ(watch_->condition().problem, "connection refused");
    EXPECT_EQ(turns_, 1);
    auto const asked = store_.asked;
    loop_.run_for(60s);
    EXPECT_NEAR(store_.asked, asked + 60, 1);
    EXPECT_EQ(turns_, 1);
    store_.failing.reset();
    loop_.run_for(1s);
    EXPECT_TRUE(working());
    EXPECT_EQ(turns_, 2);
}

TEST_F(StoreWatchTest, NoticesAStoreThatSaysNothingWithinTwoSeconds) {
    watch_->start();
    loop_.run_for(10s);
    lane_.set_options({.apply_after = 20s});
    auto const last_heard = loop_.now().steady;
    loop_.run_for(2s);
    EXPECT_FALSE(working());
    EXPECT_EQ(watch_->condition().problem, "has not answered for 1250ms");
    ASSERT_TRUE(watch_->condition().since);
    EXPECT_LE(*watch_->condition().since, last_heard);
    auto const asked = store_.asked;
    loop_.run_for(15s);
    EXPECT_EQ(store_.asked, asked) << "no question is heaped on another";
    lane_.set_options({});
    loop_.run_for(5s);
    EXPECT_TRUE(working());
    EXPECT_EQ(turns_, 2);
}

TEST_F(StoreWatchTest, WaitsBehindALargeBatchThatGetsOn) {
    watch_->start();
    loop_.run_for(10s);
    lane_.set_options({.answer_after = 30s});
    ASSERT_TRUE(lane_.submit([] {}, [] {}));  // a batch of half a minute
    lane_.set_options({});
    for (auto second = 0; second < 30; ++second) {
        ++store_.given;
        loop_.run_for(1s);
        ASSERT_TRUE(working()) << second;
    }
    loop_.run_for(10s);
    EXPECT_TRUE(working());
    EXPECT_EQ(turns_, 0);
}

TEST_F(StoreWatchTest, AFullLaneIsNoSilence) {
    watch_->start();
    loop_.run_for(1s);
    lane_.set_options({.queue_limit = 0});
    auto const asked = store_.asked;
    loop_.run_for(10s);
    EXPECT_EQ(store_.asked, asked);
    EXPECT_TRUE(working());
    lane_.set_options({});
    loop_.run_for(1s);
    EXPECT_GT(store_.asked, asked);
}

TEST_F(StoreWatchTest, StoresThatOthersFindAwayAreAskedLessOften) {
    watch_->start();
    loop_.run_for(1s);
    watch_->set_reachable(false);
    auto const asked = store_.asked;
    loop_.run_for(10s);
    EXPECT_NEAR(store_.asked, asked + 10, 1);
}

TEST_F(StoreWatchTest, MayEndWithAQuestionUnderWay) {
    lane_.set_options({.answer_after = 1s});
    watch_->start();
    loop_.run_for(100ms);
    watch_.reset();
    loop_.run_for(5s);
    EXPECT_EQ(turns_, 0);
}

}  // namespace
}  // namespace muster
