#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include <muster/base/time.hpp>

namespace muster {

/// Decides who starts next: an ordered queue of due times under caps. Pure: time comes in as an
/// argument, work goes out as a list. Entries are small numbers that the owner hands out (indexes
/// of its own table); entries due at the same moment start in the order of their numbers.
///
/// An entry is waiting for its time, held back by the cap of its host or its group, or running.
/// Nobody is held back who has room under both; of those who have, the one that waits longest
/// starts. The global cap holds back whatever is due, in the order of due times.
class Scheduler {
public:
    using Entry = std::uint32_t;
    using Host = std::uint32_t;
    using Group = std::uint32_t;
    static constexpr Host kNoHost = 0;    ///< No per-host cap: loopback.
    static constexpr Group kNoGroup = 0;  ///< No per-group cap.
    static constexpr std::uint32_t kNoCap = std::numeric_limits<std::uint32_t>::max();

    struct Limits {
        std::uint32_t in_flight{2000};
        std::uint32_t per_host{64};
    };

    struct Start {
        Entry entry{0};
        SteadyTime due{};
    };

    explicit Scheduler(Limits limits);

    /// Other caps from now on; what runs beyond them goes on to its end.
    void set_limits(Limits limits);
    /// How many of a group may run at once, at least 1. Without it a group has no cap.
    void set_group_cap(Group group, std::uint32_t cap);

    /// `entry` must not be scheduled already. Numbers should be dense: memory is by the largest.
    void add(Entry entry, Host host, SteadyTime due, Group group = kNoGroup);

    /// Forgets an entry, whatever it is doing; its place under the caps is free again.
    void remove(Entry entry);

    /// Moves the due time of an entry that is waiting; nothing happens to one that is held back or
    /// running.
    void move(Entry entry, SteadyTime due);

    /// Puts an entry into another group, whatever it is doing; one that runs goes on.
    void set_group(Entry entry, Group group);

    /// Appends what may start now to `starts`; each becomes running.
    void take_due(SteadyTime now, std::vector<Start>& starts);

    /// A running entry has ended and is next due at `next_due`.
    void finished(Entry entry, SteadyTime next_due);

    /// When take_due() would next give something; nothing while the global cap is reached or there
    /// is nothing to do.
    [[nodiscard]] std::optional<SteadyTime> next_wake() const;

    [[nodiscard]] std::uint32_t running() const noexcept { return running_; }
    /// Entries past their due time that the cap of a host or group holds back.
    [[nodiscard]] std::size_t held_back() const noexcept { return held_back_; }

private:
    enum class State : std::uint8_t { absent, waiting, held_back, ready, running };

    struct Item {
        SteadyTime due{};
        std::uint64_t turn{0};  ///< While held back: the order in which entries came to wait.
        Host host{kNoHost};
        Group group{kNoGroup};
        State state{State::absent};
    };

    /// Keeps the time beside the entry: comparing must not reach for items all over memory.
    struct Waiting {
        SteadyTime due{};
        Entry entry{0};

        [[nodiscard]] bool before(Waiting const& other) const noexcept {
            return due != other.due ? due < other.due : entry < other.entry;
        }
    };

    /// The held back of one host and group, as they came: either the first of them may start, or
    /// none. Never empty.
    struct Line {
        Host host{kNoHost};
        Group group{kNoGroup};
        std::deque<Entry> entries;
    };

    struct Load {
        std::uint32_t cap{0};
        std::uint32_t running{0};              ///< Places taken: running and ready.
        std::map<std::uint64_t, Line*> lines;  ///< Under this cap, by the turns of their first.

        [[nodiscard]] bool full() const noexcept { return running >= cap; }
    };

    void push(Entry entry, SteadyTime due);
    void erase(Entry entry);
    void place(std::uint32_t at, Waiting const& waiting);
    void sift_up(std::uint32_t at);
    void sift_down(std::uint32_t at);
    void run(Entry entry, std::vector<Start>& starts);
    using Caps = std::array<Load*, 2>;  // null: none

    [[nodiscard]] Caps caps_of(Host host, Group group);
    [[nodiscard]] static bool has_room(Caps const& caps) noexcept;
    [[nodiscard]] static std::uint64_t line_key(Host host, Group group) noexcept;
    void grow_groups(Group group);
    void hold_back(Entry entry);
    void leave_line(Entry entry);
    void make_ready(Entry entry);
    void enlist(Line& line);
    void delist(Line const& line);
    void take_places(Item const& item);
    void give_back_places(Item const& item);
    void serve(Load& cap);
    void recall_promises();
    void promise_again();

    Limits limits_;
    std::vector<Item> items_;
    std::vector<Waiting> heap_;           ///< 4-ary, least (due, entry) first.
    std::vector<std::uint32_t> heap_at_;  ///< Of each entry, while it waits.
    std::vector<Load> hosts_;
    std::vector<Load> groups_;
    std::unordered_map<std::uint64_t, Line> lines_;
    std::deque<Entry> ready_;  ///< Was held back, now may start.
    std::uint64_t turns_{0};
    std::uint32_t running_{0};
    std::size_t held_back_{0};
};

}  // namespace muster
