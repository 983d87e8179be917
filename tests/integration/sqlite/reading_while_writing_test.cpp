#include <atomic>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <integration/sqlite/endless_checks.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster {
namespace {

using testing::a_project;
using testing::a_service;
using testing::checks_after;

constexpr std::uint64_t kBatch = 500;

/// A store in which all services belong to project 1.
std::unique_ptr<SqliteResultStore> open_filled(std::string const& path) {
    auto store = testing::open_store(path);
    StoreBatch batch{"hub-main", {}, {"endless", 0}, {}};
    auto const shop = a_project(1, "shop");
    batch.records.push_back({{1, 0}, ProjectChanged{shop, true}});
    for (std::int64_t id = 1; id <= testing::kServices; ++id) {
        auto const service = a_service(id, shop, "service-" + std::to_string(id));
        batch.records.push_back({{1, 0}, ServiceChanged{service, true}});
    }
    EXPECT_TRUE(store->append(batch));
    return store;
}

Result<std::size_t> count_checks(HistoryReader& reader) {
    std::size_t count = 0;
    auto const read = reader.checks({ProjectId{1}, {}}, [&count](CheckRow const&) {
        ++count;
        return true;
    });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return count;
}

TEST(SqliteReading, SeesWholeBatchesWhileTheyAreWritten) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const store = open_filled(path);
    SimulatedLoop const clock;
    auto const reader = SqliteHistoryReader::open(path, clock, {});
    ASSERT_TRUE(reader) << reader.error().message;

    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int batch = 0; batch < 100; ++batch) {
            auto const appended = store->append(checks_after(*store->cursor("hub-main"), kBatch));
            EXPECT_TRUE(appended) << appended.error().message;
        }
        done = true;
    });
    std::size_t before = 0;
    int reads = 0;
    for (bool last = false; !last;) {
        last = done;
        auto const count = count_checks(**reader);
        EXPECT_TRUE(count) << count.error().message;
        EXPECT_EQ(count.value_or(1) % kBatch, 0U) << "a batch was seen in part";
        EXPECT_GE(count.value_or(0), before);
        before = count.value_or(0);
        ++reads;
    }
    writer.join();
    EXPECT_EQ(before, 100 * kBatch);
    EXPECT_GT(reads, 1);
}

/// Each look at it is a millisecond later.
class ImpatientClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        time_ += 1ms;
        return {time_, {}};
    }

private:
    mutable SteadyTime time_{};
};

TEST(SqliteReading, EndsAtItsDeadlineAndWorksAgainAfterIt) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const store = open_filled(path);
    for (int batch = 0; batch < 20; ++batch) {
        ASSERT_TRUE(store->append(checks_after(*store->cursor("hub-main"), 5'000)));
    }
    ImpatientClock const clock;
    auto const reader = SqliteHistoryReader::open(path, clock, {.deadline = 100ms});
    ASSERT_TRUE(reader);
    auto const late = count_checks(**reader);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::timed_out);
    EXPECT_EQ(late.error().message, "reading the history took longer than 100ms");
    auto const few =
        (*reader)->checks({ProjectId{1}, ServiceId{7}, testing::kStart, testing::kStart + 10s},
                          [](CheckRow const&) { return true; });
    EXPECT_TRUE(few) << few.error().message;
}

TEST(SqliteReading, GoesOnWhenTheStoreIsOpenedAnew) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto store = open_filled(path);
    SimulatedLoop const clock;
    auto const reader = SqliteHistoryReader::open(path, clock, {});
    for (int round = 1; round <= 3; ++round) {
        ASSERT_TRUE(store->append(checks_after(*store->cursor("hub-main"), kBatch)));
        auto const count = count_checks(**reader);
        ASSERT_TRUE(count) << count.error().message;
        EXPECT_EQ(*count, static_cast<std::size_t>(round) * kBatch);
        store.reset();
        store = testing::open_store(path);
    }
}

}  // namespace
}  // namespace muster
