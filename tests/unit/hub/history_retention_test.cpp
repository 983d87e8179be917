#include <muster/hub/history_retention.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/remembering_log.hpp>

namespace muster {
namespace {

/// Has more to forget, slice after slice, and remembers by what it was told to.
class SlicedStore final : public ResultStore {
public:
    [[nodiscard]] Result<Cursor> cursor(std::string const&) override { return Cursor{}; }
    [[nodiscard]] Result<void> append(StoreBatch const&) override { return {}; }
    void keep_since(KeptSince const& since) override { kept.push_back(since); }
    [[nodiscard]] std::uint64_t too_old() const override { return 0; }
    [[nodiscard]] Result<void> bury(StoreBatch const&, std::string const&) override { return {}; }
    [[nodiscard]] Result<RollupState> rollup_state(std::string const&) override {
        return RollupState{};
    }
    [[nodiscard]] Result<void> roll_up(RollupBatch const&) override { return {}; }
    [[nodiscard]] Result<void> note_alive(std::string const&, WallTime) override { return {}; }
    [[nodiscard]] Result<bool> forget(Retention const& retention) override {
        asked.push_back(retention);
        return asked.size() < slices;
    }

    std::size_t slices{1};
    std::vector<KeptSince> kept;
    std::vector<Retention> asked;
};

class HistoryRetentionTest : public ::testing::Test {
protected:
    static HubRetention checks_for(Millis time) {
        HubRetention keep;
        keep.checks = time;
        return keep;
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.apply_after = 1s}};
    muster::testing::RememberingLog log_;
    SlicedStore store_;
    HistoryRetention history_{store_, lane_, loop_, loop_, log_, 1h, checks_for(24h)};
};

TEST_F(HistoryRetentionTest, TellsTheStoreAtTheStartAndForgetsSliceBySlice) {
    store_.slices = 3;
    auto const start = loop_.now().wall;
    history_.start();
    loop_.run_for(2s);
    ASSERT_EQ(store_.kept.size(), 1U);
    EXPECT_EQ(store_.kept[0].checks, start - 24h);
    EXPECT_TRUE(store_.asked.empty());
    loop_.run_for(1h + 10s);
    ASSERT_EQ(store_.asked.size(), 3U);
    EXPECT_EQ(store_.asked[0].checks_before, start + 1h - 24h);
}

/// Else what the new settings keep would go by the old ones for as long as slices follow.
TEST_F(HistoryRetentionTest, GoesByNewSettingsFromTheNextSliceOn) {
    store_.slices = 3;
    history_.start();
    loop_.run_for(1h + 1s);
    ASSERT_EQ(store_.asked.size(), 1U);
    history_.set(checks_for(48h));
    loop_.run_for(1s);
    ASSERT_EQ(store_.asked.size(), 2U) << "it was under way";
    loop_.run_for(5s);
    ASSERT_EQ(store_.asked.size(), 3U);
    auto const before = store_.asked[2].checks_before;
    EXPECT_LE(before, loop_.now().wall - 48h);
    EXPECT_EQ(store_.kept.back().checks, before);
}

TEST_F(HistoryRetentionTest, AClockThatWasSetBackHoldsFromTheNextSliceOn) {
    store_.slices = 3;
    history_.start();
    loop_.run_for(1h + 1s);
    ASSERT_EQ(store_.asked.size(), 1U);
    loop_.step_wall_clock(-10h);
    history_.look();
    loop_.run_for(10s);
    ASSERT_EQ(store_.asked.size(), 3U);
    EXPECT_LE(store_.kept.back().checks, loop_.now().wall - 24h);
    EXPECT_LE(store_.asked[2].checks_before, loop_.now().wall - 24h);
}

}  // namespace
}  // namespace muster
