#include <muster/hub/history_retention.hpp>

#include <algorithm>

namespace muster {
namespace {

/// Far less than any retention.
constexpr Millis kClockWander{60'000};

KeptSince kept_since(HubRetention const& keep, WallTime now) {
    return {now - keep.checks,  now - std::max(keep.failures, keep.checks),
            now - keep.metrics, now - keep.events,
            now - keep.minutes, now - keep.hours};
}

ResultStore::Retention retention_of(HubRetention const& keep, KeptSince const& since) {
    ResultStore::Retention retention;
    retention.checks_before = since.checks;
    retention.failures_before = since.failures;
    retention.metrics_before = since.metrics;
    retention.events_before = since.events;
    retention.minutes_before = since.minutes;
    retention.hours_before = since.hours;
    retention.checks_bytes = keep.check_bytes;
    retention.minutes_bytes = keep.minute_bytes;
    retention.hours_bytes = keep.hour_bytes;
    return retention;
}

}  // namespace

HistoryRetention::HistoryRetention(ResultStore& store, Lane& lane, Clock const& clock,
                                   Timers& timers, Log& log, Millis every, HubRetention keep)
    : store_(store),
      lane_(lane),
      clock_(clock),
      log_(log),
      every_(every),
      keep_(keep),
      timer_(timers.make([this] { apply(); })) {}

void HistoryRetention::start() {
    tell();
    timer_->arm(clock_.now().steady + every_);
}

void HistoryRetention::look() {
    if (clock_.now().wall < told_at_ - kClockWander) {
        tell();
    }
}

/// A store that could not be told writes what goes again soon, or is told the next time.
void HistoryRetention::tell() {
    auto const now = clock_.now().wall;
    bool const taken = submit_to(
        lane_,
        [&store = store_, since = kept_since(keep_, now)]() -> Result<void> {
            store.keep_since(since);
            return {};
        },
        [](Result<void> const&) {});
    told_at_ = taken ? now : told_at_;
}

void HistoryRetention::stop() {
    stopped_ = true;
    timer_->disarm();
}

void HistoryRetention::apply() {
    auto const now = clock_.now();
    timer_->arm(now.steady + every_);
    if (!forgetting_) {
        forget_some();
    }
}

/// One lane job after the other until nothing is left. Each goes by what holds when it is asked
/// for: settings and the wall clock may change while a long history goes slice by slice.
void HistoryRetention::forget_some() {
    auto const now = clock_.now().wall;
    auto const since = kept_since(keep_, now);
    forgetting_ = submit_to(
        lane_,
        [&store = store_, since, retention = retention_of(keep_, since)] {
            store.keep_since(since);
            return store.forget(retention);
        },
        [this](Result<bool> const& more) {
            forgetting_ = false;
            if (!more) {
                log_.write(LogLevel::warn, "store",
                           "cannot remove old history: " + more.error().message);
            } else if (*more && !stopped_) {
                forget_some();
            }
        });
    told_at_ = forgetting_ ? now : told_at_;
}

}  // namespace muster
