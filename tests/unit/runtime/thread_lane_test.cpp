#include <muster/runtime/thread_lane.hpp>

#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(ThreadLane, DoesJobsInOrderElsewhereAndAnswersAtHome) {
    Loop home;
    ThreadLane lane(home, {"test", 64});
    std::vector<int> jobs;
    std::vector<int> answers;
    auto const here = std::this_thread::get_id();
    for (int number = 0; number < 10; ++number) {
        ASSERT_TRUE(submit_to(
            lane,
            [&jobs, number, here] {
                EXPECT_NE(std::this_thread::get_id(), here);
                jobs.push_back(number);
                return number * number;
            },
            [&, here](int square) {
                EXPECT_EQ(std::this_thread::get_id(), here);
                answers.push_back(square);
                if (answers.size() == 10) {
                    home.finish();
                }
            }));
    }
    EXPECT_EQ(lane.pending(), 10U);
    home.run();
    EXPECT_EQ(lane.pending(), 0U);
    EXPECT_EQ(jobs, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(answers.back(), 81);
}

TEST(ThreadLane, RefusesWhatItsQueueCannotHold) {
    Loop home;
    std::promise<void> release;
    std::promise<void> started;
    ThreadLane lane(home, {"test", 2});
    ASSERT_TRUE(lane.submit(
        [&] {
            started.set_value();
            release.get_future().wait();
        },
        [] {}));
    started.get_future().wait();
    EXPECT_TRUE(lane.submit([] {}, [] {}));
    EXPECT_TRUE(lane.submit([] {}, [] {}));
    EXPECT_FALSE(lane.submit([] { FAIL() << "was refused"; }, [] {}));
    EXPECT_EQ(lane.refused(), 1U);
    release.set_value();
}

TEST(ThreadLane, DestroyedItEndsTheJobUnderWayAndDropsItsAnswer) {
    Loop home;
    bool ended = false;
    std::promise<void> started;
    {
        ThreadLane lane(home, {"test", 8});
        ASSERT_TRUE(lane.submit(
            [&] {
                started.set_value();
                ended = true;
            },
            [] { FAIL() << "nobody is there to hear it"; }));
        started.get_future().wait();
    }
    EXPECT_TRUE(ended);
    home.finish();
    home.run();
}

}  // namespace
}  // namespace muster
