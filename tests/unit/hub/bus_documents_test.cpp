#include <muster/hub/bus_documents.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/testing/holds.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::kStart;

Service service(std::int64_t id, std::string name) {
    return testing::a_service(id, testing::a_project(1, "shop"), std::move(name));
}

TEST(BusDocuments, PutChangesOnTheirChannels) {
    BusDocuments documents("hub-main", false);
    BusBatch batch;
    documents.add({{1, 1}, testing::sample_transition(kStart)}, true, batch);
    documents.add({{1, 2}, ServiceChanged{service(1, "db"), true}}, true, batch);
    documents.add({{1, 3}, ServiceRemoved{ServiceId{1}, "shop", "db", kStart}}, true, batch);
    documents.add({{1, 4}, testing::passing_result()}, true, batch);
    documents.end(batch);
    ASSERT_EQ(batch.messages.size(), 3U);
    EXPECT_EQ(batch.messages[0].channel, "hub.hub-main.health.shop.app");
    EXPECT_TRUE(testing::holds(batch.messages[0].payload, R"("id":"hub-main:1:1")"));
    EXPECT_EQ(batch.messages[1].channel, "hub.hub-main.service.registered");
    EXPECT_TRUE(testing::holds(batch.messages[1].payload, R"("name":"db")"));
    EXPECT_EQ(batch.messages[2].channel, "hub.hub-main.service.deregistered");
    EXPECT_TRUE(batch.entries.empty()) << "a bus without streams";
}

TEST(BusDocuments, KeepOutOfChannelsWhatIsOldButNotOutOfTheStream) {
    BusDocuments documents("hub-main", true);
    BusBatch batch;
    documents.add({{1, 1}, testing::sample_transition(kStart)}, false, batch);
    documents.end(batch);
    EXPECT_TRUE(batch.messages.empty());
    ASSERT_EQ(batch.entries.size(), 1U);
    EXPECT_EQ(batch.entries[0].stream, "muster:health");
    EXPECT_EQ(batch.entries[0].field, "batch");
    EXPECT_TRUE(testing::holds(batch.entries[0].value, R"("transitions":[{"seq":1,)"));
}

TEST(BusDocuments, NameServicesAsTheyWereKnownThen) {
    BusDocuments documents("hub-main", true);
    Tombstone gone;
    gone.id = 3;
    gone.project = "shop";
    gone.name = "old";
    Tombstone project;
    project.id = 3;
    project.project = "closed";
    documents.begin({{ServiceId{1}, share(service(1, "before"))}}, {project, gone});
    BusBatch batch;
    documents.add({{1, 1}, testing::passing_result(1, kStart)}, true, batch);
    documents.add({{1, 2}, ServiceChanged{service(1, "after"), false}}, true, batch);
    documents.add({{1, 3}, testing::passing_result(1, kStart)}, true, batch);
    documents.add({{1, 4}, ServiceRemoved{ServiceId{1}, "shop", "after", kStart}}, true, batch);
    documents.add({{1, 5}, testing::passing_result(3, kStart)}, true, batch);
    documents.end(batch);
    ASSERT_EQ(batch.entries.size(), 1U);
    auto const& value = batch.entries[0].value;
    EXPECT_TRUE(testing::holds(value, R"({"seq":1,"project":"shop","service":"before")")) << value;
    EXPECT_TRUE(testing::holds(value, R"({"seq":3,"project":"shop","service":"after")")) << value;
    EXPECT_TRUE(testing::holds(value, R"({"seq":5,"project":"shop","service":"old")")) << value;
}

/// Adds a service that comes and goes again; the number of the last record.
std::uint64_t come_and_go(BusDocuments& documents, BusBatch& batch, std::int64_t id) {
    auto const seq = static_cast<std::uint64_t>(id) * 2 + 2;
    documents.add({{1, seq}, ServiceChanged{service(id, "s" + std::to_string(id)), true}}, false,
                  batch);
    documents.add({{1, seq + 1}, ServiceRemoved{ServiceId{id}, "shop", "", kStart}}, false, batch);
    return seq + 1;
}

/// Which of the services are still known by their names.
std::vector<std::int64_t> named(BusDocuments& documents, std::uint64_t seq, std::int64_t last) {
    BusBatch batch;
    for (std::int64_t id = 1; id <= last; ++id) {
        documents.add({{1, seq}, testing::passing_result(id, kStart)}, false, batch);
    }
    documents.end(batch);
    std::string all;
    for (auto const& entry : batch.entries) {
        all += entry.value;
    }
    std::vector<std::int64_t> found;
    for (std::int64_t id = 1; id <= last; ++id) {
        if (testing::holds(all, R"("service":"s)" + std::to_string(id) + '"')) {
            found.push_back(id);
        }
    }
    return found;
}

TEST(BusDocuments, ForgetTheRemovedOnceTheBusHasAllOfThem) {
    constexpr std::int64_t kServices = 1'200;
    BusDocuments documents("hub-main", true);
    BusBatch away;  // the bus has none of it
    std::uint64_t seq = 0;
    for (int again = 0; again < 2; ++again) {  // as a batch that is repeated
        for (std::int64_t id = 1; id <= kServices; ++id) {
            seq = come_and_go(documents, away, id);
        }
    }
    EXPECT_EQ(named(documents, seq, kServices).size(), 1'200U);
    BusBatch back;
    back.expected.seq = seq;
    documents.add({{1, seq + 1}, HubProblem{"store", "away", false, kStart}}, false, back);
    auto const left = named(documents, seq + 2, kServices);
    ASSERT_EQ(left.size(), 1'000U);
    EXPECT_EQ(left.front(), 201) << "the newest";
}

TEST(BusDocuments, ForgetNobodyWhoCameAgain) {
    constexpr std::int64_t kServices = 1'200;
    BusDocuments documents("hub-main", true);
    BusBatch away;
    auto seq = come_and_go(documents, away, 1);
    documents.add({{1, ++seq}, ServiceChanged{service(1, "s1"), true}}, false, away);
    for (std::int64_t id = 2; id <= kServices; ++id) {
        seq = come_and_go(documents, away, id);
    }
    BusBatch back;
    back.expected.seq = seq;
    documents.add({{1, seq + 1}, HubProblem{"store", "away", false, kStart}}, false, back);
    auto const left = named(documents, seq + 2, kServices);
    ASSERT_FALSE(left.empty());
    EXPECT_EQ(left.front(), 1);
}

TEST(BusDocuments, AreOfOneEpochAndNotTooLarge) {
    BusDocuments documents("hub-main", true);
    documents.begin({{ServiceId{1}, share(service(1, "app"))}}, {});
    BusBatch batch;
    documents.add({{1, 1}, testing::passing_result(1, kStart)}, true, batch);
    for (std::uint64_t seq = 2; seq <= 2'001; ++seq) {
        documents.add({{2, seq}, testing::passing_result(1, kStart)}, true, batch);
    }
    documents.end(batch);
    ASSERT_GE(batch.entries.size(), 3U);
    EXPECT_TRUE(testing::holds(batch.entries[0].value, R"("epoch":1,"firstSeq":1,"lastSeq":1)"));
    EXPECT_TRUE(testing::holds(batch.entries[1].value, R"("epoch":2,"firstSeq":2,)"));
    EXPECT_TRUE(testing::holds(batch.entries.back().value, R"("lastSeq":2001)"));
    for (auto const& entry : batch.entries) {
        EXPECT_LT(entry.value.size(), 70'000U);
    }
    BusBatch outage;
    for (std::uint64_t seq = 1; seq <= 2'001; ++seq) {
        auto transition = testing::sample_transition(kStart);
        transition.project = std::string(60, 'p');
        documents.add({{3, seq}, transition}, false, outage);
    }
    documents.end(outage);
    ASSERT_GE(outage.entries.size(), 2U);
    for (auto const& entry : outage.entries) {
        EXPECT_LT(entry.value.size(), 70'000U);
    }
    BusBatch next;
    documents.end(next);
    EXPECT_TRUE(next.entries.empty());
}

}  // namespace
}  // namespace muster
