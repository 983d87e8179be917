#include <contract/store_under_test.hpp>

#include <map>
#include <utility>

#include <muster/memory/memory_store.hpp>

namespace muster::testing {
namespace {

/// What no store can keep.
bool is_impossible(Record const& record) {
    auto const* const result = std::get_if<CheckResult>(&record.body);
    return result != nullptr && !result->service.valid();
}

class MemoryUnderTest final : public StoreUnderTest {
public:
    MemoryUnderTest() { store_.refuse(is_impossible); }

    ResultStore& store() override { return store_; }
    void reopen() override {
        store_ = MemoryStore(store_.history());
        store_.refuse(is_impossible);
    }
    std::unique_ptr<HistoryReader> reader(std::string hub_id) override {
        return store_.reader(std::move(hub_id));
    }
    std::size_t dead_records() override { return store_.history()->buried.size(); }

private:
    MemoryStore store_;
};

}  // namespace

std::unique_ptr<StoreUnderTest> make_memory_store() {
    return std::make_unique<MemoryUnderTest>();
}

Result<void> RollupFeed::roll_up(ResultStore& store, StoreBatch const& batch) {
    RollupReducer const reducer(state_);
    auto step = reducer.reduce(cursor_, batch.next, batch.records);
    RollupBatch rolled;
    rolled.hub_id = batch.hub_id;
    rolled.expected = cursor_;
    rolled.next = batch.next;
    rolled.known_until = step.known_until;
    rolled.rows = std::move(step.rows);
    rolled.watches = step.watches;
    rolled.ended = step.ended;
    auto done = store.roll_up(rolled);
    if (!done) {
        return done;
    }
    cursor_ = batch.next;
    std::map<ServiceId, Watch> watches;
    for (auto const& row : state_.watches) {
        watches[row.service] = row.watch;
    }
    for (auto const& row : step.watches) {
        watches[row.service] = row.watch;
    }
    for (auto const service : step.ended) {
        watches.erase(service);
    }
    state_ = {cursor_, {}};
    for (auto const& [service, watch] : watches) {
        state_.watches.push_back({service, watch});
    }
    return done;
}

void StoreContract::SetUp() {
    db.spec.critical = false;
    story.tell(ProjectChanged{shop, true}).tell(ProjectChanged{blog, true});
    for (auto const& service : {app, db, posts}) {
        story.tell(ServiceChanged{service, true});
    }
    append();
}

void StoreContract::append(RecordStory& told) {
    auto const appended = under_test->store().append(told.batch());
    ASSERT_TRUE(appended) << appended.error().message;
}

std::vector<CheckRow> StoreContract::checks(ChecksQuery const& query) {
    std::vector<CheckRow> rows;
    auto const read = under_test->reader({})->checks(query, [&rows](CheckRow const& row) {
        rows.push_back(row);
        return true;
    });
    EXPECT_TRUE(read) << read.error().message;
    return rows;
}

HistoryReader::Events StoreContract::events(EventsQuery const& query) {
    auto const read = under_test->reader({})->events(query);
    EXPECT_TRUE(read) << read.error().message;
    return read.value_or(HistoryReader::Events{});
}

void StoreContract::forget(ResultStore::Retention const& retention) {
    auto more = under_test->store().forget(retention);
    while (more && *more) {
        more = under_test->store().forget(retention);
    }
    ASSERT_TRUE(more) << more.error().message;
}

}  // namespace muster::testing
