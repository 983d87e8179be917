#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <demo/chaos.hpp>
#include <demo/json.hpp>

namespace muster::demo {
namespace {

using Ended = HeldRequests::Ended;

/// A thread that waits in `held`; its answer comes when it was let go.
std::future<Ended> hold(HeldRequests& held) {
    return std::async(std::launch::async,
                      [&held, round = held.round()] { return held.hold(round, std::nullopt); });
}

void await_waiting(HeldRequests const& held, std::size_t count) {
    while (held.waiting() != count) {
        std::this_thread::yield();
    }
}

TEST(DemoHeldRequests, ATimedOneWaitsItsTime) {
    auto held = HeldRequests{2};
    EXPECT_EQ(held.hold(held.round(), 1ms), Ended::in_time);
    EXPECT_EQ(held.waiting(), 0U);
}

TEST(DemoHeldRequests, ReleaseLetsEverybodyGo) {
    auto held = HeldRequests{2};
    auto first = hold(held);
    auto second = hold(held);
    await_waiting(held, 2);
    held.release();
    EXPECT_EQ(first.get(), Ended::in_time);
    EXPECT_EQ(second.get(), Ended::in_time);
}

TEST(DemoHeldRequests, AReleaseBetweenLookingAndWaitingIsNotMissed) {
    auto held = HeldRequests{2};
    auto const round = held.round();
    held.release();
    EXPECT_EQ(held.hold(round, std::nullopt), Ended::in_time);
}

TEST(DemoHeldRequests, OneTooManySendsTheOldestAway) {
    auto held = HeldRequests{2};
    auto oldest = hold(held);
    await_waiting(held, 1);
    auto second = hold(held);
    await_waiting(held, 2);
    auto third = hold(held);
    EXPECT_EQ(oldest.get(), Ended::crowded);
    EXPECT_EQ(held.waiting(), 2U);
    held.close();
    EXPECT_EQ(second.get(), Ended::closing);
    EXPECT_EQ(third.get(), Ended::closing);
}

TEST(DemoHeldRequests, ClosedHoldsNobody) {
    auto held = HeldRequests{2};
    held.close();
    EXPECT_EQ(held.hold(held.round(), std::nullopt), Ended::closing);
}

TEST(DemoChaosOrder, IsReadWhole) {
    auto const chaos = parse_chaos(R"({"mode":"slow","delayMs":700,"forSeconds":2.5})");
    ASSERT_TRUE(chaos);
    EXPECT_EQ(chaos->mode, ChaosMode::slow);
    EXPECT_EQ(chaos->delay, 700ms);
    EXPECT_EQ(chaos->lasts, 2500ms);
}

TEST(DemoChaosOrder, LastsUntilRecoverUnlessTold) {
    auto const chaos = parse_chaos(R"({"mode":"hang"})");
    ASSERT_TRUE(chaos);
    EXPECT_EQ(chaos->lasts, std::nullopt);
    EXPECT_EQ(parse_chaos(R"({"mode":"recover"})")->mode, ChaosMode::none);
}

struct BadOrder {
    char const* body;
    char const* begins_with;
};

TEST(DemoChaosOrder, ABadOneIsRefusedByTheNameOfItsField) {
    for (auto const& [body, begins_with] : std::vector<BadOrder>{
             {"", "body: "},
             {"[]", "body: "},
             {"{\"mode\":", "body: "},
             {"{}", "mode: missing"},
             {R"({"mode":3})", "mode: "},
             {R"({"mode":"explode"})", "mode: "},
             {R"({"mode":"none"})", "mode: "},
             {R"({"mode":"slow","delayMs":"long"})", "delayMs: "},
             {R"({"mode":"slow","delayMs":-1})", "delayMs: "},
             {R"({"mode":"slow","delayMs":60001})", "delayMs: "},
             {R"({"mode":"fail","forSeconds":0})", "forSeconds: "},
             {R"({"mode":"fail","forSeconds":1e300})", "forSeconds: "},
             {R"({"mode":"fail","forSecond":10})", "forSecond: "},
         }) {
        auto const chaos = parse_chaos(body);
        ASSERT_FALSE(chaos) << body;
        EXPECT_TRUE(chaos.error().message.starts_with(begins_with)) << chaos.error().message;
    }
}

}  // namespace
}  // namespace muster::demo
