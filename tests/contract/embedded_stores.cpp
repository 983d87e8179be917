#include <contract/store_under_test.hpp>

#include <muster/memory/simulated_loop.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/sqlite/result_store.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

class SqliteUnderTest final : public StoreUnderTest {
public:
    SqliteUnderTest() { open(); }

    ResultStore& store() override { return *store_; }
    void reopen() override {
        store_.reset();
        open();
    }
    std::unique_ptr<HistoryReader> reader(std::string hub_id) override {
        auto reader = SqliteHistoryReader::open(path_, clock_, {.hub_id = std::move(hub_id)});
        EXPECT_TRUE(reader) << reader.error().message;
        return reader ? std::move(*reader) : nullptr;
    }
    std::size_t dead_records() override {
        auto database = SqliteDatabase::open(path_, {.read_only = true});
        return static_cast<std::size_t>(
            database->statement("SELECT count(*) FROM dead_record").bind().number()->value_or(0));
    }

private:
    void open() {
        auto opened = SqliteResultStore::open(path_);
        ASSERT_TRUE(opened) << opened.error().message;
        store_ = std::move(*opened);
    }

    TemporaryFolder folder_;
    std::string path_ = folder_ / "muster.db";
    SimulatedLoop clock_;  // stands still: no deadline passes
    std::unique_ptr<SqliteResultStore> store_;
};

std::unique_ptr<StoreUnderTest> make_sqlite_store() {
    return std::make_unique<SqliteUnderTest>();
}

}  // namespace

std::vector<StoreKind> stores_under_test() {
    return {{"Memory", &make_memory_store}, {"Sqlite", &make_sqlite_store}};
}

}  // namespace muster::testing
