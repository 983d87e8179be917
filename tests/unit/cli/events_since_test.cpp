#include <cli/ask/events_since.hpp>

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

/// A hub's events by their ids, shown in pages of two.
class TellingHub {
public:
    void tell(std::int64_t first, std::int64_t last) {
        for (auto id = first; id <= last; ++id) {
            ids_.insert(ids_.begin(), id);
        }
    }
    void forget() { ids_.clear(); }

    [[nodiscard]] AnsweredList<AnsweredEvent> page(std::size_t offset) const {
        AnsweredList<AnsweredEvent> list;
        for (auto at = offset; at < std::min(offset + 2, ids_.size()); ++at) {
            AnsweredEvent event;
            event.id = ids_[at];
            list.items.push_back(event);
        }
        list.total = ids_.size();
        return list;
    }

private:
    std::vector<std::int64_t> ids_;
};

std::vector<std::int64_t> ids_of(EventsSince::News const& news) {
    std::vector<std::int64_t> ids;
    for (auto const& event : news.events) {
        ids.push_back(event.id);
    }
    return ids;
}

using Ids = std::vector<std::int64_t>;

TEST(EventsSince, GivesEachOnceOldestFirstHoweverManyPagesTheyFill) {
    TellingHub hub;
    hub.tell(1, 3);
    EventsSince since(hub.page(0).items);
    auto const page = [&hub](std::size_t offset) -> Result<AnsweredList<AnsweredEvent>> {
        return hub.page(offset);
    };
    EXPECT_EQ(ids_of(since.look(page).value()), Ids{});
    hub.tell(4, 10);
    EXPECT_EQ(ids_of(since.look(page).value()), (Ids{4, 5, 6, 7, 8, 9, 10}));
    EXPECT_EQ(ids_of(since.look(page).value()), Ids{});
}

TEST(EventsSince, MissesAndRepeatsNothingThatComesWhileAPageIsTurned) {
    TellingHub hub;
    hub.tell(1, 1);
    EventsSince since(hub.page(0).items);
    hub.tell(2, 6);
    auto const turning = [&hub](std::size_t offset) -> Result<AnsweredList<AnsweredEvent>> {
        auto const list = hub.page(offset);
        if (offset == 0) {
            hub.tell(7, 7);
        }
        return list;
    };
    EXPECT_EQ(ids_of(since.look(turning).value()), (Ids{2, 3, 4, 5, 6}));
    auto const page = [&hub](std::size_t offset) -> Result<AnsweredList<AnsweredEvent>> {
        return hub.page(offset);
    };
    EXPECT_EQ(ids_of(since.look(page).value()), Ids{7});
}

TEST(EventsSince, LosesNothingToAnError) {
    TellingHub hub;
    EventsSince since({});
    hub.tell(1, 5);
    auto const broken = [&hub](std::size_t offset) -> Result<AnsweredList<AnsweredEvent>> {
        if (offset > 0) {
            return failure(Errc::unavailable, "away");
        }
        return hub.page(offset);
    };
    EXPECT_FALSE(since.look(broken));
    auto const page = [&hub](std::size_t offset) -> Result<AnsweredList<AnsweredEvent>> {
        return hub.page(offset);
    };
    EXPECT_EQ(ids_of(since.look(page).value()), (Ids{1, 2, 3, 4, 5}));
}

TEST(EventsSince, BeginsAnewWithAHubThatDoes) {
    TellingHub hub;
    hub.tell(1, 9);
    EventsSince since(hub.page(0).items);
    hub.forget();
    auto const page = [&hub](std::size_t offset) -> Result<AnsweredList<AnsweredEvent>> {
        return hub.page(offset);
    };
    EXPECT_EQ(ids_of(since.look(page).value()), Ids{});
    hub.tell(1, 3);
    auto const news = since.look(page);
    ASSERT_TRUE(news);
    EXPECT_TRUE(news->began_anew);
    EXPECT_EQ(ids_of(*news), (Ids{1, 2, 3}));
    hub.tell(4, 4);
    EXPECT_EQ(ids_of(since.look(page).value()), Ids{4});
}

}  // namespace
}  // namespace muster
