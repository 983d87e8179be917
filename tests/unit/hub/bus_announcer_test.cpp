#include <muster/hub/bus_announcer.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

class ListeningBus final : public EventBus {
public:
    Result<std::optional<Cursor>> cursor(std::string const&) override {
        return std::optional<Cursor>();
    }
    Result<void> publish(BusBatch const&) override { return {}; }
    Result<void> announce(std::string const& hub_id,
                          std::vector<BusMessage> const& messages) override {
        EXPECT_EQ(hub_id, "hub-main");
        ++calls;
        if (failing) {
            return failure(*failing, "nobody listens");
        }
        for (auto const& message : messages) {
            heard.push_back(message);
        }
        return {};
    }
    std::unique_ptr<Subscription> subscribe(std::string,
                                            UniqueFunction<void(BusMessage const&)>) override {
        return nullptr;
    }

    std::optional<Errc> failing;
    int calls{0};
    std::vector<BusMessage> heard;
};

class BusAnnouncerTest : public ::testing::Test {
protected:
    std::size_t summaries() const { return bus_.heard.size() / 2; }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_};
    ListeningBus bus_;
    int gathered_{0};
    int turns_{0};  ///< Times that the bus came or went.
    std::unique_ptr<BusAnnouncer> announcer_ = std::make_unique<BusAnnouncer>(
        "hub-main", bus_, nullptr, lane_, loop_, loop_,
        [this] {
            ++gathered_;
            return HealthSummary{};
        },
        [this] { ++turns_; });
};

TEST_F(BusAnnouncerTest, TellsTheSummaryOnBothChannelsAtOnceAndEveryTenSeconds) {
    announcer_->start(7);
    loop_.run_for(100ms);
    ASSERT_EQ(bus_.heard.size(), 2U);
    EXPECT_EQ(bus_.heard[0].channel, "hub.hub-main.health.summary");
    EXPECT_EQ(bus_.heard[1].channel, "hub.global.health");
    EXPECT_EQ(bus_.heard[0].payload, bus_.heard[1].payload);
    EXPECT_NE(bus_.heard[0].payload.find(R"("id":"hub-main:summary:7:1")"), std::string::npos);
    loop_.run_for(9'800ms);
    EXPECT_EQ(summaries(), 1U);
    loop_.run_for(300ms);
    EXPECT_EQ(summaries(), 2U);
    loop_.run_for(100s);
    EXPECT_EQ(summaries(), 12U);
    EXPECT_EQ(gathered_, 12);
}

TEST_F(BusAnnouncerTest, TellsAChangeWithinASecondAndManyAtOnce) {
    announcer_->start(1);
    loop_.run_for(3s);
    ASSERT_EQ(summaries(), 1U);
    for (int change = 0; change < 100; ++change) {
        announcer_->learned(testing::sample_transition(loop_.now().wall));
        loop_.run_for(100ms);
    }
    auto const after = summaries();
    EXPECT_GE(after, 11U);
    EXPECT_LE(after, 21U);
    announcer_->learned(testing::sample_transition(loop_.now().wall));
    loop_.run_for(1s);
    EXPECT_GT(summaries(), after);
    auto const quiet = summaries();
    announcer_->learned(testing::passing_result());
    loop_.run_for(2s);
    EXPECT_EQ(summaries(), quiet) << "a result alone changes no status";
}

TEST_F(BusAnnouncerTest, NoticesABusThatIsAwayWithNothingToSay) {
    announcer_->start(1);
    loop_.run_for(3s);
    EXPECT_TRUE(announcer_->condition().working);
    bus_.failing = Errc::unavailable;
    loop_.run_for(250ms);
    EXPECT_FALSE(announcer_->condition().working);
    EXPECT_EQ(announcer_->condition().problem, "nobody listens");
    EXPECT_TRUE(announcer_->condition().since);
    EXPECT_EQ(turns_, 1);
    bus_.failing.reset();
    auto const before = summaries();
    announcer_->learned(testing::sample_transition(loop_.now().wall));
    loop_.run_for(1s);
    EXPECT_TRUE(announcer_->condition().working);
    EXPECT_EQ(turns_, 2);
    EXPECT_GT(summaries(), before);
}

TEST_F(BusAnnouncerTest, NoticesABusThatDoesNotAnswer) {
    announcer_->start(1);
    loop_.run_for(3s);
    SimulatedLane::Options stalled;
    stalled.answer_after = std::chrono::seconds(5);
    lane_.set_options(stalled);
    loop_.run_for(1'500ms);
    EXPECT_FALSE(announcer_->condition().working);
    EXPECT_EQ(announcer_->condition().problem, "has not answered for 1250ms");
    EXPECT_EQ(turns_, 1);
    auto const calls = bus_.calls;
    loop_.run_for(2s);
    EXPECT_LE(bus_.calls, calls + 1) << "no call is heaped on another";
    lane_.set_options({});
    loop_.run_for(6s);
    EXPECT_TRUE(announcer_->condition().working);
}

TEST_F(BusAnnouncerTest, TellsWhatWasMissedOnceTheBusIsBack) {
    announcer_->start(1);
    loop_.run_for(3s);
    auto const calls = bus_.calls;
    announcer_->set_reachable(false);
    announcer_->learned(testing::sample_transition(loop_.now().wall));
    loop_.run_for(60s);
    EXPECT_NEAR(bus_.calls, calls + 60, 1) << "once a second it is asked whether it is there";
    EXPECT_EQ(summaries(), 1U) << "and told nothing";
    announcer_->set_reachable(true);
    loop_.run_for(1s);
    EXPECT_EQ(summaries(), 2U) << "one summary, no replay";
}

TEST_F(BusAnnouncerTest, AConflictIsNoOutage) {
    announcer_->start(1);
    bus_.failing = Errc::conflict;
    loop_.run_for(1s);
    EXPECT_TRUE(announcer_->condition().working);
    EXPECT_EQ(summaries(), 0U);
    bus_.failing.reset();
    loop_.run_for(300ms);
    EXPECT_EQ(summaries(), 1U);
}

TEST_F(BusAnnouncerTest, RemembersSinceWhenAServiceIsNotDown) {
    auto change = testing::sample_transition(loop_.now().wall);
    change.from = HealthStatus::unknown;
    change.to = HealthStatus::up;
    announcer_->learned(change);
    EXPECT_EQ(announcer_->not_down_since(change.service), std::nullopt) << "was not seen down";
    change.from = HealthStatus::down;
    change.to = HealthStatus::degraded;
    announcer_->learned(change);
    EXPECT_EQ(announcer_->not_down_since(change.service), change.at);
    auto later = change;
    later.from = HealthStatus::degraded;
    later.to = HealthStatus::up;
    later.at += 5s;
    announcer_->learned(later);
    EXPECT_EQ(announcer_->not_down_since(change.service), change.at);
    later.to = HealthStatus::down;
    announcer_->learned(later);
    EXPECT_EQ(announcer_->not_down_since(change.service), std::nullopt);
}

TEST_F(BusAnnouncerTest, MayEndWithACallUnderWay) {
    SimulatedLane::Options slow;
    slow.answer_after = std::chrono::seconds(1);
    lane_.set_options(slow);
    announcer_->start(1);
    loop_.run_for(100ms);
    announcer_.reset();
    loop_.run_for(5s);
    EXPECT_EQ(summaries(), 1U);
}

}  // namespace
}  // namespace muster
