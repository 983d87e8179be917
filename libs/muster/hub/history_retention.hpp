#pragma once

#include <cstdint>
#include <memory>

#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/store.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// How long history is kept, each level by itself; of a level that is larger than its bytes the
/// oldest rows go.
struct HubRetention {
    Millis checks{7LL * 24 * 3600 * 1000};
    Millis failures{90LL * 24 * 3600 * 1000};  ///< Checks that failed; at least `checks`.
    Millis minutes{90LL * 24 * 3600 * 1000};
    Millis hours{730LL * 24 * 3600 * 1000};
    Millis metrics{90LL * 24 * 3600 * 1000};
    Millis events{730LL * 24 * 3600 * 1000};
    std::uint64_t check_bytes{20'000'000'000};
    std::uint64_t minute_bytes{20'000'000'000};
    std::uint64_t hour_bytes{20'000'000'000};
};

/// Applies retention to the store: every now and then removes what has become too old, slice by
/// slice, so that appends get their turn, and tells the store what is too old to be written. Loop
/// thread only.
class HistoryRetention {
public:
    /// All must outlive it and every job that it has put on the lane.
    HistoryRetention(ResultStore& store, Lane& lane, Clock const& clock, Timers& timers, Log& log,
                     Millis every, HubRetention keep);

    /// Before the store is fed. The first removal follows after `every`.
    void start();
    /// From the next slice on, also of what is being removed.
    void set(HubRetention keep) noexcept { keep_ = keep; }
    void stop();
    /// Every now and then: after the wall clock was set back nothing new is too old.
    void look();

private:
    void tell();
    void apply();
    void forget_some();

    ResultStore& store_;
    Lane& lane_;
    Clock const& clock_;
    Log& log_;
    Millis const every_;
    HubRetention keep_;
    WallTime told_at_{};  // when the store was last told
    bool forgetting_{false};
    bool stopped_{false};
    std::unique_ptr<Timer> timer_;
};

}  // namespace muster
