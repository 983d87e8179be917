#include <muster/hub/bus_documents.hpp>

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/testing/journal_samples.hpp>
#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::kStart;

Service service(std::int64_t id, std::string name) {
    return testing::a_service(id, testing::a_project(1, "shop"), std::move(name));
}

bool holds(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
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
    EXPECT_TRUE(holds(batch.messages[0].payload, R"("id":"hub-main:1:1")"));
    EXPECT_EQ(batch.messages[1].channel, "hub.hub-main.service.registered");
    EXPECT_TRUE(holds(batch.messages[1].payload, R"("name":"db")"));
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
    EXPECT_TRUE(holds(batch.entries[0].value, R"("transitions":[{"seq":1,)"));
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
    EXPECT_TRUE(holds(value, R"({"seq":1,"project":"shop","service":"before")")) << value;
    EXPECT_TRUE(holds(value, R"({"seq":3,"project":"shop","service":"after")")) << value;
    EXPECT_TRUE(holds(value, R"({"seq":5,"project":"shop","service":"old")")) << value;
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
    EXPECT_TRUE(holds(batch.entries[0].value, R"("epoch":1,"firstSeq":1,"lastSeq":1)"));
    EXPECT_TRUE(holds(batch.entries[1].value, R"("epoch":2,"firstSeq":2,)"));
    EXPECT_TRUE(holds(batch.entries.back().value, R"("lastSeq":2001)"));
    for (auto const& entry : batch.entries) {
        EXPECT_LT(entry.value.size(), 70'000U);
    }
    BusBatch next;
    documents.end(next);
    EXPECT_TRUE(next.entries.empty());
}

}  // namespace
}  // namespace muster
