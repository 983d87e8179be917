#include <muster/monitoring/scheduler.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
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

TEST(Scheduler, AGroupsCapHoldsBackOnlyThatGroup) {
    Scheduler scheduler({});
    scheduler.set_group_cap(1, 1);
    scheduler.add(0, Scheduler::kNoHost, at(0), 1);
    scheduler.add(1, 5, at(1), 1);
    scheduler.add(2, 5, at(2), 2);
    scheduler.add(3, 5, at(3));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{0, 2, 3}));
    EXPECT_EQ(scheduler.held_back(), 1U);
    scheduler.finished(0, at(20));
    EXPECT_EQ(scheduler.next_wake(), at(1));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{1}));
}

TEST(Scheduler, WhoIsUnderTwoCapsStartsWithRoomUnderBoth) {
    Scheduler scheduler({.in_flight = 100, .per_host = 1});
    scheduler.set_group_cap(1, 1);
    scheduler.add(0, 1, at(0));
    scheduler.add(1, 2, at(0), 1);
    scheduler.add(2, 1, at(1), 1);
    scheduler.add(3, 1, at(2));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{0, 1}));
    // The host is free, the group is not: who waits only for the host goes first.
    scheduler.finished(0, at(20));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{3}));
    // Now the group is free, the host is not.
    scheduler.finished(1, at(20));
    EXPECT_TRUE(take(scheduler, at(10)).empty());
    scheduler.finished(3, at(20));
    EXPECT_EQ(take(scheduler, at(10)), (std::vector<Entry>{2}));
    EXPECT_EQ(scheduler.held_back(), 0U);
}

TEST(Scheduler, CapsCanChangeWhileEntriesWait) {
    Scheduler scheduler({.in_flight = 1, .per_host = 1});
    scheduler.set_group_cap(1, 1);
    for (Entry entry = 0; entry < 4; ++entry) {
        scheduler.add(entry, entry < 2 ? 1 : Scheduler::kNoHost, at(0), entry < 2 ? 0 : 1);
    }
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{0}));
    scheduler.set_limits({.in_flight = 100, .per_host = 2});
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{1, 2}));
    scheduler.set_group_cap(1, 2);
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{3}));
    scheduler.set_group_cap(1, 1);
    EXPECT_EQ(scheduler.running(), 4U);
    scheduler.finished(2, at(1));
    EXPECT_TRUE(take(scheduler, at(1)).empty());  // one of the group still runs
    scheduler.set_group_cap(1, Scheduler::kNoCap);
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{2}));
}

TEST(Scheduler, AnEntryCanChangeItsGroupWhateverItDoes) {
    Scheduler scheduler({});
    scheduler.set_group_cap(1, 1);
    scheduler.set_group_cap(2, 1);
    scheduler.add(0, Scheduler::kNoHost, at(0), 1);
    scheduler.add(1, Scheduler::kNoHost, at(0), 1);
    scheduler.add(2, Scheduler::kNoHost, at(0), 1);
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{0}));
    scheduler.set_group(1, 2);
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{1}));
    scheduler.set_group(0, 2);  // runs on, beyond the cap; its place is free
    EXPECT_EQ(take(scheduler, at(1)), (std::vector<Entry>{2}));
    scheduler.finished(0, at(2));
    scheduler.finished(1, at(2));
    EXPECT_EQ(take(scheduler, at(2)), (std::vector<Entry>{0}));
    scheduler.set_group(1, Scheduler::kNoGroup);
    EXPECT_EQ(take(scheduler, at(2)), (std::vector<Entry>{1}));
    EXPECT_EQ(scheduler.held_back(), 0U);
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

/// What two caps promise, whichever of several entries gets a place: no cap is passed, nobody waits
/// who has room under all, and among those of the same host and group the first come start first.
class TwoCaps {
public:
    TwoCaps(std::uint32_t in_flight, std::uint32_t per_host)
        : limits_{in_flight, per_host}, scheduler_(limits_) {
        caps_.fill(Scheduler::kNoCap);
    }

    void add(Entry entry, Scheduler::Host host, Scheduler::Group group, SteadyTime due) {
        if (!items_.contains(entry)) {
            items_[entry] = {host, group, due};
            scheduler_.add(entry, host, due, group);
        }
    }
    void remove(Entry entry) {
        items_.erase(entry);
        scheduler_.remove(entry);
    }
    void finish(Entry entry, SteadyTime due) {
        if (items_.contains(entry) && items_[entry].running) {
            items_[entry].running = false;
            items_[entry].due = due;
            scheduler_.finished(entry, due);
        }
    }
    void set_group(Entry entry, Scheduler::Group group) {
        if (items_.contains(entry)) {
            items_[entry].group = group;
            scheduler_.set_group(entry, group);
        }
    }
    void cap(Scheduler::Group group, std::uint32_t most) {
        caps_.at(group) = most;
        scheduler_.set_group_cap(group, most);
    }
    void cap_hosts(std::uint32_t most) {
        limits_.per_host = most;
        scheduler_.set_limits(limits_);
    }

    /// Empty, or which promise was broken.
    std::string take_until(SteadyTime now) {
        std::vector<Scheduler::Start> starts;
        scheduler_.take_due(now, starts);
        for (auto const& start : starts) {
            if (!items_.contains(start.entry) || items_[start.entry].running) {
                return "started what is unknown or runs";
            }
            auto& item = items_[start.entry];
            if (item.due > now || start.due != item.due) {
                return "started what is not due";
            }
            item.running = true;
            if (running([&](Item const& other) { return other.host == item.host; }) >
                    limits_.per_host &&
                item.host != Scheduler::kNoHost) {
                return "passed the cap of a host";
            }
            if (running([&](Item const& other) { return other.group == item.group; }) >
                caps_.at(item.group)) {
                return "passed the cap of a group";
            }
        }
        auto const all = running([](Item const&) { return true; });
        if (all != scheduler_.running() || all > limits_.in_flight) {
            return "lost count of what runs";
        }
        return all == limits_.in_flight ? "" : waits_for_nothing(now);
    }

private:
    struct Item {
        Scheduler::Host host{0};
        Scheduler::Group group{0};
        SteadyTime due{};
        bool running{false};
    };

    template <class Which>
    std::uint32_t running(Which which) const {
        return static_cast<std::uint32_t>(std::count_if(
            items_.begin(), items_.end(),
            [&](auto const& item) { return item.second.running && which(item.second); }));
    }

    std::string waits_for_nothing(SteadyTime now) const {
        std::size_t held_back = 0;
        for (auto const& [entry, item] : items_) {
            if (item.running || item.due > now) {
                continue;
            }
            ++held_back;
            auto const host = item.host;
            auto const group = item.group;
            bool const host_full = host != Scheduler::kNoHost && running([&](Item const& other) {
                                                                     return other.host == host;
                                                                 }) >= limits_.per_host;
            bool const group_full =
                running([&](Item const& other) { return other.group == group; }) >= caps_.at(group);
            if (!host_full && !group_full) {
                return "held back who has room";
            }
        }
        return held_back == scheduler_.held_back() ? "" : "lost count of what is held back";
    }

    Scheduler::Limits limits_;
    Scheduler scheduler_;
    std::map<Entry, Item> items_;
    std::array<std::uint32_t, 4> caps_{};
};

RC_GTEST_PROP(Scheduler, KeepsThePromisesOfTwoCapsOverAnyHistory, ()) {
    TwoCaps caps(static_cast<std::uint32_t>(*rc::gen::inRange(3, 30)),
                 static_cast<std::uint32_t>(*rc::gen::inRange(1, 4)));
    int now = 0;
    auto const steps = *rc::gen::inRange(0, 200);
    for (int step = 0; step < steps; ++step) {
        auto const entry = static_cast<Entry>(*rc::gen::inRange(0, 30));
        auto const group = static_cast<Scheduler::Group>(*rc::gen::inRange(0, 4));
        switch (*rc::gen::inRange(0, 10)) {
            case 0:
            case 1:
            case 2:
                caps.add(entry, static_cast<Scheduler::Host>(*rc::gen::inRange(0, 4)), group,
                         at(now + *rc::gen::inRange(0, 3)));
                break;
            case 3:
                caps.remove(entry);
                break;
            case 4:
            case 5:
                caps.finish(entry, at(now + *rc::gen::inRange(0, 4)));
                break;
            case 6:
                caps.set_group(entry, group);
                break;
            case 7:
                if (group != Scheduler::kNoGroup) {
                    caps.cap(group, static_cast<std::uint32_t>(*rc::gen::inRange(1, 4)));
                } else {
                    caps.cap_hosts(static_cast<std::uint32_t>(*rc::gen::inRange(1, 4)));
                }
                break;
            default:
                now += *rc::gen::inRange(0, 3);
                RC_ASSERT(caps.take_until(at(now)) == std::string());
                break;
        }
    }
}

/// First come, first served is told by the due times of those who share both caps.
RC_GTEST_PROP(Scheduler, ServesThoseOfOneHostAndGroupInTheirOrder, ()) {
    Scheduler scheduler({.in_flight = 100, .per_host = 2});
    scheduler.set_group_cap(1, 2);
    for (Entry entry = 0; entry < 8; ++entry) {
        // Even ones share host and group; odd ones take places of only one of them.
        scheduler.add(entry, entry % 4 == 3 ? 2 : 1, at(static_cast<int>(entry)),
                      entry % 4 == 1 ? 0 : 1);
    }
    std::vector<Entry> served;
    std::set<Entry> runs;
    for (int round = 0; round < 40; ++round) {
        for (auto const entry : take(scheduler, at(100))) {
            runs.insert(entry);
            if (entry % 2 == 0) {
                served.push_back(entry);
            }
        }
        if (runs.empty()) {
            break;
        }
        auto const ended =
            *std::next(runs.begin(), *rc::gen::inRange<int>(0, static_cast<int>(runs.size())));
        runs.erase(ended);
        scheduler.finished(ended, at(1'000'000));
    }
    RC_ASSERT(served == (std::vector<Entry>{0, 2, 4, 6}));
}

}  // namespace
}  // namespace muster
