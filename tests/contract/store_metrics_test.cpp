#include <contract/store_under_test.hpp>

namespace muster::testing {
namespace {

class StoreMetrics : public StoreContract {
public:
    std::vector<ProjectMetrics> metrics(MetricsQuery const& query, std::size_t most = 1'000) {
        std::vector<ProjectMetrics> found;
        auto const reader = under_test->reader("hub-main");
        auto const read = reader->metrics(query, [&](ProjectMetrics const& one) {
            found.push_back(one);
            return found.size() < most;
        });
        EXPECT_TRUE(read) << read.error().message;
        return found;
    }

    static ProjectMetrics sample(ProjectId project, WallTime at, double rate) {
        ProjectMetrics metrics{project, at, {}};
        metrics.sample.requests_per_second = rate;
        metrics.sample.error_rate = 0.5;
        metrics.sample.error_count = 3;
        metrics.sample.memory_usage_percent = 45.25;
        metrics.sample.cpu_usage_percent = 12;
        metrics.sample.database_query_time_ms = 7;
        metrics.sample.api_usage = {{"a\"b", 1.5}, {"mails", 450}};
        return metrics;
    }
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreMetrics, ::testing::ValuesIn(stores_under_test()),
                         name_of_store);

TEST_P(StoreMetrics, AreReadAsTheyWereCollectedOldestFirst) {
    story.tell(sample(shop.id, kStart + 30s, 2)).tell(sample(shop.id, kStart, 1));
    story.tell(sample(blog.id, kStart + 10s, 9));
    append();
    auto const found = metrics({shop.id, kStart, kStart + 1h});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0], sample(shop.id, kStart, 1));
    EXPECT_EQ(found[1], sample(shop.id, kStart + 30s, 2));
}

TEST_P(StoreMetrics, AreThoseOfTheRange) {
    for (int second = 0; second < 5; ++second) {
        story.tell(sample(shop.id, kStart + std::chrono::seconds(second), second));
    }
    append();
    auto const found = metrics({shop.id, kStart + 1s, kStart + 3s});
    ASSERT_EQ(found.size(), 2U) << "from inclusive, until exclusive";
    EXPECT_EQ(found[0].at, kStart + 1s);
    EXPECT_EQ(metrics({shop.id, kStart, kStart + 5s}, 2).size(), 2U) << "the visitor had enough";
    EXPECT_TRUE(metrics({ProjectId{99}, kStart, kStart + 5s}).empty());
}

}  // namespace
}  // namespace muster::testing
