#include <muster/hub/presence.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

Result<void> const kFine{};

Result<void> refusal(Errc code = Errc::unavailable) {
    return failure(code, "connection refused");
}

class PresenceTest : public ::testing::Test {
protected:
    [[nodiscard]] bool working() const { return presence_.condition().working; }

    Presence presence_;
    SteadyTime now_{1h};
};

TEST_F(PresenceTest, IsAskedOneQuestionAtATime) {
    EXPECT_TRUE(presence_.may_ask(now_, true));
    presence_.asked(now_, 0);
    EXPECT_FALSE(presence_.may_ask(now_ + 10min, true));
    presence_.answered(now_ + 10min, kFine);
    EXPECT_TRUE(presence_.may_ask(now_ + 10min, true));
}

TEST_F(PresenceTest, IsAskedOnceASecondWhileItIsAwayForUsOrForOthers) {
    presence_.asked(now_, 0);
    presence_.answered(now_ + 1ms, refusal());
    EXPECT_FALSE(presence_.may_ask(now_ + 999ms, true));
    EXPECT_TRUE(presence_.may_ask(now_ + 1s, true));
    presence_.asked(now_ + 1s, 0);
    presence_.answered(now_ + 1001ms, kFine);
    EXPECT_TRUE(presence_.may_ask(now_ + 1001ms, true));
    EXPECT_FALSE(presence_.may_ask(now_ + 1001ms, false));
    EXPECT_TRUE(presence_.may_ask(now_ + 2s, false));
}

TEST_F(PresenceTest, ARefusalIsToldAtOnceSinceWhenItWasLastHeardOf) {
    presence_.asked(now_, 0);
    presence_.answered(now_ + 5ms, kFine);
    presence_.asked(now_ + 250ms, 1);
    presence_.answered(now_ + 252ms, refusal());
    EXPECT_FALSE(working());
    EXPECT_EQ(presence_.condition().problem, "connection refused");
    EXPECT_EQ(presence_.condition().since, now_ + 5ms);
    presence_.asked(now_ + 2s, 1);
    presence_.answered(now_ + 2s, refusal());
    EXPECT_EQ(presence_.condition().since, now_ + 5ms) << "it is the same absence";
    presence_.asked(now_ + 3s, 1);
    presence_.answered(now_ + 3s, kFine);
    EXPECT_EQ(presence_.condition(), HubCondition::Part());
}

TEST_F(PresenceTest, SilenceIsToldAfterAWhileAndOverWithTheAnswer) {
    presence_.asked(now_, 7);
    presence_.look(now_ + 500ms, 7);
    presence_.look(now_ + 1s, 7);
    presence_.look(now_ + 1249ms, 7);
    EXPECT_TRUE(working());
    presence_.look(now_ + 1250ms, 7);
    EXPECT_FALSE(working());
    EXPECT_EQ(presence_.condition().problem, "has not answered for 1250ms");
    EXPECT_EQ(presence_.condition().since, now_);
    presence_.look(now_ + 1h, 7);
    EXPECT_EQ(presence_.condition().since, now_);
    presence_.answered(now_ + 1h, kFine);
    EXPECT_TRUE(working());
}

TEST_F(PresenceTest, WhoGetsOnWithSomethingLargeIsThere) {
    presence_.asked(now_, 7);
    std::uint64_t answers = 7;
    for (auto at = 500ms; at < 1h; at += 500ms) {
        answers += at % 1s == 0s ? 1U : 0U;
        presence_.look(now_ + at, answers);
        ASSERT_TRUE(working());
    }
    presence_.look(now_ + 1h + 249ms, answers);
    EXPECT_TRUE(working());
    presence_.look(now_ + 1h + 250ms, answers);
    EXPECT_FALSE(working());
    EXPECT_EQ(presence_.condition().since, now_ + 1h - 1s);
    presence_.look(now_ + 2h, answers + 1);
    EXPECT_TRUE(working()) << "a part of an answer came";
}

/// The process was stopped, or the machine: the answer may lie unread.
TEST_F(PresenceTest, AfterAPauseOfOursTheOtherSideHasItsTimeAgain) {
    presence_.asked(now_, 7);
    presence_.look(now_ + 250ms, 7);
    presence_.look(now_ + 90s, 7);
    EXPECT_TRUE(working());
    presence_.look(now_ + 90s + 700ms, 7);
    presence_.look(now_ + 91s + 249ms, 7);
    EXPECT_TRUE(working());
    presence_.look(now_ + 91s + 250ms, 7);
    EXPECT_FALSE(working());
}

TEST_F(PresenceTest, SilenceThatNobodyAskedForIsNone) {
    presence_.look(now_, 0);
    presence_.look(now_ + 1h, 0);
    EXPECT_TRUE(working());
    presence_.asked(now_ + 1h, 0);
    presence_.answered(now_ + 1h, kFine);
    presence_.look(now_ + 2h, 0);
    EXPECT_TRUE(working());
}

TEST_F(PresenceTest, AConflictIsAnAnswer) {
    presence_.asked(now_, 0);
    presence_.answered(now_, refusal());
    presence_.asked(now_ + 1s, 0);
    presence_.answered(now_ + 1s, refusal(Errc::conflict));
    EXPECT_TRUE(working());
}

}  // namespace
}  // namespace muster
