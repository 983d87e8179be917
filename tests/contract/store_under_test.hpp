#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/ports/store.hpp>
#include <muster/recording/rollup.hpp>
#include <muster/testing/record_story.hpp>

namespace muster::testing {

/// A store of some kind, with what it holds, as the suites for ResultStore and HistoryReader see
/// it.
class StoreUnderTest {
public:
    virtual ~StoreUnderTest() = default;

    [[nodiscard]] virtual ResultStore& store() = 0;
    /// Ends the store and makes another over what it held.
    virtual void reopen() = 0;
    [[nodiscard]] virtual std::unique_ptr<HistoryReader> reader(std::string hub_id) = 0;
    [[nodiscard]] virtual std::size_t dead_records() = 0;
    /// Bytes that hold as many rows here as so many do in an SQLite file.
    [[nodiscard]] virtual std::uint64_t weighed(std::uint64_t bytes) { return bytes; }
};

/// The reference.
std::unique_ptr<StoreUnderTest> make_memory_store();

struct StoreKind {
    char const* name;
    std::unique_ptr<StoreUnderTest> (*make)();
};
/// Those that a program with these suites runs over, the one to hold against the reference last.
[[nodiscard]] std::vector<StoreKind> stores_under_test();

/// Rolls batches up as the follower does.
class RollupFeed {
public:
    [[nodiscard]] Result<void> roll_up(ResultStore& store, StoreBatch const& batch);
    /// What it remembers, as a store should.
    [[nodiscard]] RollupState const& state() const { return state_; }

private:
    Cursor cursor_;
    RollupState state_;
};

/// A store with two projects: shop (1) with app (1, critical) and db (2, not), and blog (2) with
/// app (3).
class StoreContract : public ::testing::TestWithParam<StoreKind> {
public:
    void SetUp() override;

    /// Stores what the story told since last time.
    void append() { append(story); }
    void append(RecordStory& told);

    [[nodiscard]] std::vector<CheckRow> checks(ChecksQuery const& query);
    [[nodiscard]] std::vector<CheckRow> checks_of_shop() { return checks({shop.id, {}}); }
    [[nodiscard]] HistoryReader::Events events(EventsQuery const& query);
    /// Until nothing is left to remove.
    void forget(ResultStore::Retention const& retention);

    std::unique_ptr<StoreUnderTest> under_test = GetParam().make();
    RecordStory story;
    Project shop = a_project(1, "shop");
    Project blog = a_project(2, "blog");
    Service app = a_service(1, shop, "app");
    Service db = a_service(2, shop, "db");
    Service posts = a_service(3, blog, "app");
};

/// Every suite runs over every store.
inline std::string name_of_store(::testing::TestParamInfo<StoreKind> const& info) {
    return info.param.name;
}

}  // namespace muster::testing
