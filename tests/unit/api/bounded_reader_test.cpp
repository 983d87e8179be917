#include <muster/api/bounded_reader.hpp>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <unit/api/history_stub.hpp>

namespace muster {
namespace {

struct BoundedReaderTest : ::testing::Test {
    SimulatedLoop loop_;
    HistoryStub stub_;
    std::atomic<bool> unwanted_{false};
    BoundedReader reader_{stub_, loop_, 5s, unwanted_};
};

TEST_F(BoundedReaderTest, RefusesFurtherReadsBehindItsDeadline) {
    loop_.run_for(4999ms);
    EXPECT_TRUE(reader_.events({}));
    loop_.run_for(1ms);
    auto const late = reader_.buckets({});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::timed_out);
    EXPECT_EQ(late.error().message, "the history took longer than 5s to read: ask for less of it");
    EXPECT_FALSE(reader_.checks({}, [](CheckRow const&) { return true; }));
    EXPECT_FALSE(reader_.metrics({}, [](ProjectMetrics const&) { return true; }));
    EXPECT_FALSE(reader_.kept());
    EXPECT_FALSE(reader_.events({}));
    EXPECT_FALSE(reader_.once_named("shop", ""));
}

TEST_F(BoundedReaderTest, RefusesThemOnceNobodyWantsTheAnswer) {
    unwanted_ = true;
    auto const refused = reader_.events({});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "the hub is stopping");
}

}  // namespace
}  // namespace muster
