#include <contract/store_under_test.hpp>

#include <muster/memory/simulated_loop.hpp>
#include <muster/postgres/history_reader.hpp>
#include <muster/postgres/result_store.hpp>
#include <muster/testing/postgres_server.hpp>

namespace muster::testing {
namespace {

/// One for all tests of the process.
PostgresServer& server() {
    static PostgresServer one;
    return one;
}

class PostgresUnderTest final : public StoreUnderTest {
public:
    PostgresUnderTest() { open(); }
    ~PostgresUnderTest() override {
        store_.reset();
        (void)server().ask("postgres", "DROP DATABASE " + database_ + " WITH (FORCE)");
    }
    PostgresUnderTest(PostgresUnderTest const&) = delete;
    PostgresUnderTest& operator=(PostgresUnderTest const&) = delete;

    ResultStore& store() override { return *store_; }
    void reopen() override {
        store_.reset();
        open();
    }
    std::unique_ptr<HistoryReader> reader(std::string hub_id) override {
        auto reader = PostgresHistoryReader::open(
            {.url = server().url(database_), .hub_id = std::move(hub_id)}, clock_);
        EXPECT_TRUE(reader) << reader.error().message;
        return reader ? std::move(*reader) : nullptr;
    }
    std::size_t dead_records() override {
        return std::stoul(server().ask(database_, "SELECT count(*) FROM dead_records"));
    }
    std::uint64_t weighed(std::uint64_t bytes) override { return 4 * bytes; }

private:
    void open() {
        auto opened = PostgresResultStore::open({.url = server().url(database_)});
        ASSERT_TRUE(opened) << opened.error().message;
        store_ = std::move(*opened);
    }

    std::string const database_ = server().make_database();
    SimulatedLoop clock_;  // stands still: no deadline of the reader's own passes
    std::unique_ptr<PostgresResultStore> store_;
};

std::unique_ptr<StoreUnderTest> make_postgres_store() {
    return std::make_unique<PostgresUnderTest>();
}

}  // namespace

std::vector<StoreKind> stores_under_test() {
    return {{"Postgres", &make_postgres_store}};
}

}  // namespace muster::testing
