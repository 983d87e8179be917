#include <muster/hub/journal_room.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/remembering_log.hpp>

namespace muster {
namespace {

/// As near its limit as a test says.
class LimitedJournal final : public Journal {
public:
    [[nodiscard]] JournalState state() const override {
        JournalState state;
        state.given_up = given_up;
        return state;
    }
    [[nodiscard]] Result<void> write(ByteView, Position, WallTime) override { return {}; }
    [[nodiscard]] SyncJob sync_job() override {
        return []() -> Result<void> { return {}; };
    }
    [[nodiscard]] Result<void> synced(Result<void> result) override { return result; }
    [[nodiscard]] Result<void> trim(std::uint64_t, WallTime) override { return {}; }
    void may_go(std::uint64_t) override {}
    [[nodiscard]] ShrinkJob shrink_job() override {
        if (to_shrink == 0) {
            return {};
        }
        ++jobs;
        return [error = error]() -> Result<void> {
            return error ? Result<void>(tl::unexpected(*error)) : Result<void>();
        };
    }
    void shrunk(Result<void> result) override { to_shrink -= result ? 1 : 0; }
    [[nodiscard]] std::unique_ptr<JournalReader> reader() const override { return nullptr; }

    std::uint64_t given_up{0};
    int to_shrink{0};
    int jobs{0};
    std::optional<Error> error;
};

class JournalRoomTest : public ::testing::Test {
protected:
    /// As the hub does, every half a second.
    void look_for(SteadyTime::duration length) {
        for (auto const end = loop_.now().steady + length; loop_.now().steady < end;) {
            room_.look();
            loop_.run_for(500ms);
        }
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_};
    muster::testing::RememberingLog log_;
    LimitedJournal journal_;
    JournalRoom room_{journal_, lane_, loop_, log_};
};

TEST_F(JournalRoomTest, ShrinksUntilThereIsRoom) {
    journal_.to_shrink = 3;
    look_for(500ms);
    EXPECT_EQ(journal_.to_shrink, 0);
    EXPECT_EQ(journal_.jobs, 3);
    EXPECT_TRUE(log_.lines.empty());
}

TEST_F(JournalRoomTest, TellsAtOnceThatRecordsGiveWayAndThenOnceAMinute) {
    journal_.given_up = 5;
    look_for(500ms);
    ASSERT_EQ(log_.lines.size(), 1U);
    EXPECT_EQ(log_.lines[0].message, "near its limit: 5 records gave way");
    for (int step = 0; step < 118; ++step) {
        journal_.given_up += 10;
        look_for(500ms);
    }
    EXPECT_EQ(log_.lines.size(), 1U) << "half a second before a minute is over";
    look_for(1s);
    ASSERT_EQ(log_.lines.size(), 2U);
    EXPECT_EQ(log_.lines[1].message, "near its limit: 1180 records gave way") << "all meanwhile";
    look_for(10min);
    EXPECT_EQ(log_.lines.size(), 2U) << "nothing new to tell";
    journal_.given_up += 1;
    look_for(500ms);
    EXPECT_EQ(log_.lines.size(), 3U) << "at once again";
}

TEST_F(JournalRoomTest, TriesAgainAfterAPauseAndComplainsOnceAMinute) {
    journal_.to_shrink = 1;
    journal_.error = Error{Errc::full, "no room"};
    look_for(29s);
    EXPECT_EQ(journal_.jobs, 1);
    EXPECT_EQ(log_.count("cannot shrink: no room"), 1U);
    look_for(2s);
    EXPECT_EQ(journal_.jobs, 2);
    EXPECT_EQ(log_.count("cannot shrink"), 1U);
    look_for(30s);
    EXPECT_EQ(journal_.jobs, 3);
    EXPECT_EQ(log_.count("cannot shrink"), 2U);
    journal_.error.reset();
    look_for(31s);
    EXPECT_EQ(journal_.to_shrink, 0);
}

}  // namespace
}  // namespace muster
