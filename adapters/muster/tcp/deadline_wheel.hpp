#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Deadlines of things that mostly end before them. Arming and disarming are a few instructions and
/// no allocation; a deadline is told never early and at most one tick late. Under a steady load the
/// one timer behind it fires about once per deadline's length, not once per entry. Loop thread
/// only.
class DeadlineWheel {
public:
    static constexpr Millis kTick{20};

private:
    /// An element of a circular list, or its head.
    struct Links {
        Links* previous{nullptr};
        Links* next{nullptr};

        void unlink() noexcept;
    };

public:
    /// Something with a deadline. Destroying it disarms it.
    class Entry : private Links {
    public:
        virtual ~Entry() { unlink(); }
        Entry(Entry const&) = delete;
        Entry& operator=(Entry const&) = delete;

    protected:
        Entry() = default;

    private:
        friend class DeadlineWheel;

        /// Called once, disarmed. May arm, disarm and destroy entries, this one included.
        virtual void deadline_passed() = 0;

        std::int64_t tick_{0};
    };

    /// Both must outlive the wheel.
    DeadlineWheel(Timers& timers, Clock const& clock);
    ~DeadlineWheel();
    DeadlineWheel(DeadlineWheel const&) = delete;
    DeadlineWheel& operator=(DeadlineWheel const&) = delete;

    /// Arming again replaces the deadline. One that has passed is told on the loop's next turn.
    void arm(Entry& entry, SteadyTime at);
    void disarm(Entry& entry) noexcept { entry.unlink(); }

private:
    class List;

    static constexpr std::size_t kSlots = 512;

    void fire();
    void tell_due(std::size_t slot, std::int64_t now_tick);
    void schedule_next(std::int64_t now_tick);
    void schedule(std::int64_t tick);

    Clock const& clock_;
    std::unique_ptr<std::array<List, kSlots>> slots_;
    std::int64_t done_tick_{0};  ///< Every entry due up to here was told.
    std::optional<std::int64_t> scheduled_;
    std::unique_ptr<Timer> timer_;  // last: it calls fire()
};

}  // namespace muster
