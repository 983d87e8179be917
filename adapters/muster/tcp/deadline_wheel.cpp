#include <muster/tcp/deadline_wheel.hpp>

#include <algorithm>

namespace muster {
namespace {

constexpr auto kTickLength = std::chrono::duration_cast<SteadyTime::duration>(DeadlineWheel::kTick);

std::int64_t tick_before(SteadyTime at) {
    return at.time_since_epoch() / kTickLength;
}

/// The first tick that is not before `at`.
std::int64_t tick_after(SteadyTime at) {
    return (at.time_since_epoch() + kTickLength - SteadyTime::duration(1)) / kTickLength;
}

}  // namespace

/// A list of entries; those left when it is destroyed are disarmed.
class DeadlineWheel::List {
public:
    List() : head_{&head_, &head_} {}
    ~List() {
        while (!empty()) {
            head_.next->unlink();
        }
    }
    List(List const&) = delete;
    List& operator=(List const&) = delete;

    [[nodiscard]] bool empty() const noexcept { return head_.next == &head_; }
    [[nodiscard]] Entry& front() noexcept { return static_cast<Entry&>(*head_.next); }

    void push_back(Links& entry) noexcept {
        entry.previous = head_.previous;
        entry.next = &head_;
        head_.previous->next = &entry;
        head_.previous = &entry;
    }

    /// Moves the entries due at `tick` or before to the end of `due`.
    void move_due(std::int64_t tick, List& due) noexcept {
        for (auto* links = head_.next; links != &head_;) {
            auto* const following = links->next;
            if (static_cast<Entry*>(links)->tick_ <= tick) {
                links->unlink();
                due.push_back(*links);
            }
            links = following;
        }
    }

private:
    Links head_;
};

void DeadlineWheel::Links::unlink() noexcept {
    if (next != nullptr) {
        previous->next = next;
        next->previous = previous;
        previous = nullptr;
        next = nullptr;
    }
}

DeadlineWheel::DeadlineWheel(Timers& timers, Clock const& clock)
    : clock_(clock),
      slots_(std::make_unique<std::array<List, kSlots>>()),
      done_tick_(tick_before(clock.now().steady)),
      timer_(timers.make([this] { fire(); })) {}

DeadlineWheel::~DeadlineWheel() = default;

void DeadlineWheel::arm(Entry& entry, SteadyTime at) {
    entry.unlink();
    entry.tick_ = tick_after(at);
    done_tick_ = std::min(done_tick_, entry.tick_ - 1);
    (*slots_)[static_cast<std::size_t>(entry.tick_) % kSlots].push_back(entry);
    if (!scheduled_ || entry.tick_ < *scheduled_) {
        schedule(entry.tick_);
    }
}

void DeadlineWheel::fire() {
    scheduled_.reset();
    auto const now_tick = tick_before(clock_.now().steady);
    auto const span = std::clamp<std::int64_t>(now_tick - done_tick_, 0, kSlots);
    done_tick_ = now_tick;
    for (auto tick = now_tick - span + 1; tick <= now_tick; ++tick) {
        tell_due(static_cast<std::size_t>(tick) % kSlots, now_tick);
    }
    schedule_next(tick_before(clock_.now().steady));
}

void DeadlineWheel::tell_due(std::size_t slot, std::int64_t now_tick) {
    auto& list = (*slots_)[slot];
    if (list.empty()) {
        return;
    }
    List due;
    list.move_due(now_tick, due);
    while (!due.empty()) {
        auto& entry = due.front();
        entry.unlink();
        entry.deadline_passed();
    }
}

void DeadlineWheel::schedule_next(std::int64_t now_tick) {
    auto const first = std::min(done_tick_, now_tick) + 1;
    for (std::int64_t tick = first; tick < first + static_cast<std::int64_t>(kSlots); ++tick) {
        if (!(*slots_)[static_cast<std::size_t>(tick) % kSlots].empty()) {
            if (!scheduled_ || tick < *scheduled_) {
                schedule(tick);
            }
            return;
        }
    }
}

void DeadlineWheel::schedule(std::int64_t tick) {
    scheduled_ = tick;
    timer_->arm(SteadyTime(kTickLength * tick));
}

}  // namespace muster
