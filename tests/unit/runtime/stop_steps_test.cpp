#include <muster/runtime/stop_steps.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

class SilentLog final : public Log {
public:
    void write(LogLevel level, std::string_view, std::string_view message) override {
        if (level == LogLevel::error) {
            errors.emplace_back(message);
        }
    }
    std::vector<std::string> errors;
};

class StopStepsTest : public ::testing::Test {
protected:
    StopSteps::Step step(std::string name) {
        return [this, name = std::move(name)](UniqueFunction<void()> ended) {
            order.push_back(name);
            loop.after(10ms, std::move(ended));
        };
    }

    SimulatedLoop loop;
    SilentLog log;
    StopSteps steps{loop, loop, log};
    std::vector<std::string> order;
    std::optional<bool> in_time;
};

TEST_F(StopStepsTest, RunsTheLastStepFirstAndEachAfterTheOneBefore) {
    steps.add("journal", step("journal"));
    steps.add("hub", step("hub"));
    steps.add("edge", step("edge"));
    steps.stop(10s, [this](bool ended_in_time) { in_time = ended_in_time; });
    EXPECT_EQ(order, std::vector<std::string>{"edge"});
    loop.run_for(1s);
    EXPECT_EQ(order, (std::vector<std::string>{"edge", "hub", "journal"}));
    EXPECT_EQ(in_time, true);
}

TEST_F(StopStepsTest, LeavesAStuckStepBehindAndTellsItsName) {
    steps.add("journal", step("journal"));
    steps.add("stuck", [](UniqueFunction<void()>) {});
    steps.stop(10s, [this](bool ended_in_time) { in_time = ended_in_time; });
    loop.run_for(10s);
    EXPECT_EQ(order, std::vector<std::string>{"journal"});
    EXPECT_EQ(in_time, false);
    ASSERT_EQ(log.errors.size(), 1U);
    EXPECT_NE(log.errors.front().find("stuck"), std::string::npos);
}

TEST_F(StopStepsTest, AStepThatAnswersAfterItWasLeftChangesNothing) {
    UniqueFunction<void()> late;
    steps.add("journal", step("journal"));
    steps.add("slow", [&late](UniqueFunction<void()> ended) { late = std::move(ended); });
    int finished = 0;
    steps.stop(9s, [&finished](bool) { ++finished; });
    loop.run_for(7s);
    late();
    loop.run_for(10s);
    EXPECT_EQ(finished, 1);
}

TEST_F(StopStepsTest, StopsOnce) {
    steps.add("journal", step("journal"));
    steps.stop(10s, [](bool) {});
    steps.stop(10s, [](bool) { FAIL() << "already stopping"; });
    loop.run_for(1s);
    EXPECT_EQ(order.size(), 1U);
}

}  // namespace
}  // namespace muster
