#include <muster/monitoring/scheduler.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

using Entry = Scheduler::Entry;

std::vector<Entry> take(Scheduler& scheduler, SteadyTime now) {
    std::vector<Scheduler::Start> starts;
    scheduler.take_due(now, starts);
    std::vector<Entry> entries;
    for (auto const& start : starts) {
        entries.push_back(start.entry);
    }
    return entries;
}

SteadyTime at(int seconds) {
    return SteadyTime(std::chrono::seconds(seconds));
}

TEST(Scheduler, StartsWhatIsDueInTheOrderOfDueTimes) {
    Scheduler scheduler({});
    scheduler.add(0, Scheduler::kNoHost, at(3));
    scheduler.add(1, Scheduler::kNoHost, at(1));
    scheduler.add(2, Scheduler::kNoHost, at(2));
    scheduler.add(3, Scheduler::kNoHost, at(9));
    EXPECT_EQ(scheduler.next_wake(), at(1));
    EXPECT_EQ(take(scheduler, at(3)), (std::vector<Entry>{1, 2, 0}));
    EXPECT_EQ(scheduler.next_wake(), at(9));
    EXPECT_EQ(scheduler.running(), 3U);
}

TEST(Scheduler, ARunningEntryIsNotStartedAgain) {
    Scheduler scheduler({});
    scheduler.add(0, Scheduler::kNoHost, at(1));
    EXPECT_EQ(take(scheduler, at(1)).size(), 1U);
    EXPECT_TRUE(take(scheduler, at(100)).empty());
    EXPECT_EQ(scheduler.next_wake(), std::nullopt);
    scheduler.finished(0, at(101));
    EXPECT_EQ(scheduler.next_wake(), at(101));
}

TEST(Scheduler, TheGlobalCapHoldsBackInOrder) {
    Scheduler scheduler({.in_flight = 2, .per_host = 64});
    for (Entry entry = 0; entry < 4; ++entry) {
        scheduler.add(entry, Scheduler::kNoHost, at(static_cast<int>(entry)));
    }
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{0, 1}));
    EXPECT_EQ(scheduler.next_wake(), std::nullopt);
    scheduler.finished(0, at(20));
    EXPECT_EQ(scheduler.next_wake(), at(2));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{2}));
}

TEST(Scheduler, AHostsCapHoldsBackOnlyThatHost) {
    Scheduler scheduler({.in_flight = 100, .per_host = 1});
    scheduler.add(0, 1, at(0));
    scheduler.add(1, 1, at(1));
    scheduler.add(2, 1, at(2));
    scheduler.add(3, 2, at(3));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{0, 3}));
    EXPECT_EQ(scheduler.held_back(), 2U);
    scheduler.finished(0, at(20));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{1}));
    scheduler.remove(1);
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{2}));
    EXPECT_EQ(scheduler.held_back(), 0U);
}

TEST(Scheduler, RemovingWhatWasPromisedAPlaceGivesItToTheNext) {
    Scheduler scheduler({.in_flight = 100, .per_host = 1});
    scheduler.add(0, 1, at(0));
    scheduler.add(1, 1, at(1));
    scheduler.add(2, 1, at(2));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{0}));
    scheduler.finished(0, at(20));
    scheduler.remove(1);
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{2}));
}

TEST(Scheduler, MovesOnlyWhatIsWaiting) {
    Scheduler scheduler({});
    scheduler.add(0, Scheduler::kNoHost, at(50));
    scheduler.move(0, at(1));
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{0}));
    scheduler.move(0, at(2));
    EXPECT_TRUE(take(scheduler, at(3)).empty());
}

/// The same promises kept in the plainest way, without an order that is kept up.
class NaiveScheduler {
public:
    explicit NaiveScheduler(Scheduler::Limits limits) : limits_(limits) {}

    void add(Entry entry, Scheduler::Host host, SteadyTime due) { items_[entry] = {host, due}; }

    void remove(Entry entry) {
        items_.erase(entry);
        std::erase(queue_, entry);
    }

    void move(Entry entry, SteadyTime due) {
        auto& item = items_.at(entry);
        if (!item.running && std::find(queue_.begin(), queue_.end(), entry) == queue_.end()) {
            item.due = due;
        }
    }

    void finished(Entry entry, SteadyTime next_due) {
        auto& item = items_.at(entry);
        if (item.running) {
            item.running = false;
            item.due = next_due;
        }
    }

    std::vector<Entry> take_due(SteadyTime now) {
        std::vector<Entry> starts;
        // Who was held back by a host comes first, then whoever is due, least (due, entry) first.
        for (auto entry = queue_.begin(); entry != queue_.end();) {
            if (may_run(*entry)) {
                starts.push_back(*entry);
                items_.at(*entry).running = true;
                entry = queue_.erase(entry);
            } else {
                ++entry;
            }
        }
        std::set<std::pair<SteadyTime, Entry>> due;
        for (auto const& [entry, item] : items_) {
            bool const queued = std::find(queue_.begin(), queue_.end(), entry) != queue_.end();
            if (!item.running && !queued && item.due <= now) {
                due.emplace(item.due, entry);
            }
        }
        for (auto const& [time, entry] : due) {
            if (running() >= limits_.in_flight) {
                break;
            }
            if (may_run(entry)) {
                starts.push_back(entry);
                items_.at(entry).running = true;
            } else {
                queue_.push_back(entry);
            }
        }
        return starts;
    }

    std::size_t running() const {
        return static_cast<std::size_t>(std::count_if(
            items_.begin(), items_.end(), [](auto const& item) { return item.second.running; }));
    }

    std::size_t running_at(Scheduler::Host host) const {
        return static_cast<std::size_t>(std::count_if(
            items_.begin(), items_.end(),
            [host](auto const& item) { return item.second.running && item.second.host == host; }));
    }

    bool knows(Entry entry) const { return items_.contains(entry); }
    bool is_running(Entry entry) const { return knows(entry) && items_.at(entry).running; }

private:
    struct Item {
        Scheduler::Host host{0};
        SteadyTime due{};
        bool running{false};
    };

    bool may_run(Entry entry) const {
        auto const host = items_.at(entry).host;
        return running() < limits_.in_flight &&
               (host == Scheduler::kNoHost || running_at(host) < limits_.per_host);
    }

    Scheduler::Limits limits_;
    std::map<Entry, Item> items_;
    std::deque<Entry> queue_;
};

/// Starts of one call compare as sets: which of several hosts' queues is served first within one
/// moment is nobody's business; that the same entries start is.
RC_GTEST_PROP(Scheduler, AgreesWithTheNaiveOneOverAnyHistory, ()) {
    Scheduler::Limits const limits{
        static_cast<std::uint32_t>(*rc::gen::inRange(20, 40)),  // never the one that decides
        static_cast<std::uint32_t>(*rc::gen::inRange(1, 4))};
    Scheduler scheduler(limits);
    NaiveScheduler naive(limits);
    int now = 0;
    auto const steps = *rc::gen::inRange(0, 200);
    for (int step = 0; step < steps; ++step) {
        auto const entry = static_cast<Entry>(*rc::gen::inRange(0, 20));
        switch (*rc::gen::inRange(0, 6)) {
            case 0:
                if (!naive.knows(entry)) {
                    auto const host = static_cast<Scheduler::Host>(*rc::gen::inRange(0, 3));
                    auto const due = at(now + *rc::gen::inRange(0, 10));
                    scheduler.add(entry, host, due);
                    naive.add(entry, host, due);
                }
                break;
            case 1:
                scheduler.remove(entry);
                naive.remove(entry);
                break;
            case 2:
                if (naive.is_running(entry)) {
                    auto const due = at(now + *rc::gen::inRange(1, 10));
                    scheduler.finished(entry, due);
                    naive.finished(entry, due);
                }
                break;
            case 3:
                if (naive.knows(entry)) {
                    auto const due = at(now + *rc::gen::inRange(0, 10));
                    scheduler.move(entry, due);
                    naive.move(entry, due);
                }
                break;
            default: {
                now += *rc::gen::inRange(0, 4);
                auto mine = take(scheduler, at(now));
                auto theirs = naive.take_due(at(now));
                std::sort(mine.begin(), mine.end());
                std::sort(theirs.begin(), theirs.end());
                RC_ASSERT(mine == theirs);
                break;
            }
        }
        RC_ASSERT(scheduler.running() == naive.running());
        RC_ASSERT(scheduler.running() <= limits.in_flight);
        RC_ASSERT(naive.running_at(1) <= limits.per_host);
        RC_ASSERT(naive.running_at(2) <= limits.per_host);
    }
}

}  // namespace
}  // namespace muster
