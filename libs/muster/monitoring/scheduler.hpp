#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include <muster/base/time.hpp>

namespace muster {

/// Decides who starts next: an ordered queue of due times under two caps. Pure: time comes in as an
/// argument, work goes out as a list. Entries are small numbers that the owner hands out (indexes
/// of its own table); entries due at the same moment start in the order of their numbers.
///
/// An entry is waiting for its time, held back by its host's cap (first come, first served), or
/// running. The global cap holds back whatever is due, in the order of due times.
class Scheduler {
public:
    using Entry = std::uint32_t;
    using Host = std::uint32_t;
    static constexpr Host kNoHost = 0;  ///< No per-host cap: loopback.

    struct Limits {
        std::uint32_t in_flight{2000};
        std::uint32_t per_host{64};
    };

    struct Start {
        Entry entry{0};
        SteadyTime due{};
    };

    explicit Scheduler(Limits limits);

    /// `entry` must not be scheduled already. Numbers should be dense: memory is by the largest.
    void add(Entry entry, Host host, SteadyTime due);

    /// Forgets an entry, whatever it is doing; its place under the caps is free again.
    void remove(Entry entry);

    /// Moves the due time of an entry that is waiting; nothing happens to one that is held back or
    /// running.
    void move(Entry entry, SteadyTime due);

    /// Appends what may start now to `starts`; each becomes running.
    void take_due(SteadyTime now, std::vector<Start>& starts);

    /// A running entry has ended and is next due at `next_due`.
    void finished(Entry entry, SteadyTime next_due);

    /// When take_due() would next give something; nothing while the global cap is reached or there
    /// is nothing to do.
    [[nodiscard]] std::optional<SteadyTime> next_wake() const;

    [[nodiscard]] std::uint32_t running() const noexcept { return running_; }
    /// Entries past their due time that a host's cap holds back.
    [[nodiscard]] std::size_t held_back() const noexcept { return held_back_; }

private:
    enum class State : std::uint8_t { absent, waiting, held_back, ready, running };

    struct Item {
        SteadyTime due{};
        std::uint32_t heap_at{0};  ///< While waiting.
        Host host{kNoHost};
        State state{State::absent};
    };

    struct HostLoad {
        std::uint32_t running{0};  ///< Places taken: running and ready.
        std::deque<Entry> waiting;
    };

    [[nodiscard]] bool before(Entry left, Entry right) const;
    void push(Entry entry, SteadyTime due);
    void erase(Entry entry);
    void place(std::uint32_t at, Entry entry);
    void sift_up(std::uint32_t at);
    void sift_down(std::uint32_t at);
    void run(Entry entry, std::vector<Start>& starts);
    [[nodiscard]] bool host_is_full(Host host) const;
    void release(Host number);

    Limits const limits_;
    std::vector<Item> items_;
    std::vector<Entry> heap_;  ///< 4-ary, least (due, entry) first.
    std::vector<HostLoad> hosts_;
    std::deque<Entry> ready_;  ///< Was held back, now may start.
    std::uint32_t running_{0};
    std::size_t held_back_{0};
};

}  // namespace muster
