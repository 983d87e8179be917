#include <muster/recording/rollup.hpp>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include <muster/recording/journal_record.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

using Minute = std::chrono::minutes;

/// How long a result speaks where nobody told how often its service is checked, as after the
/// journal lost what told it: as by default.
constexpr Millis kUntoldReach = 2 * HealthPolicy{}.interval + HealthPolicy{}.timeout;

/// What a store cannot keep either: the raw follower puts such records aside.
bool is_bookable(CheckResult const& result) {
    constexpr WallTime kFirst{};
    constexpr WallTime kLast{std::chrono::hours(24) * 366 * 8'000};
    return result.service.valid() && result.accepted_at >= kFirst && result.accepted_at <= kLast;
}

/// One run of records over the watches as they were before it.
class Run {
public:
    using Watches = std::unordered_map<ServiceId, Watch>;

    explicit Run(Watches const& before) : before_(before) {}

    /// Whatever happened since the last result of anybody, nobody saw it.
    void go_blind(std::optional<WallTime> at) {
        if (std::exchange(blind_, true)) {
            return;  // a shrunken journal has hole behind hole
        }
        auto all = before_;
        for (auto const& [service, seen] : seen_) {
            if (seen.watch) {
                all[service] = *seen.watch;
            }
        }
        for (auto const service : ended_) {
            all.erase(service);
        }
        for (auto& [service, watch] : all) {
            if (watch.last_at && watch.last_reach > Millis(0)) {
                decided_.clear();
                lose_sight(watch, at.value_or(*watch.last_at), decided_);
                book(seen_[service]);
                seen_[service].watch = watch;
            }
        }
    }

    void operator()(CheckResult const& result) {
        if (result.outcome.verdict == Verdict::not_counted || !is_bookable(result)) {
            return;
        }
        auto& seen = seen_of(result.service);
        auto& watch = *seen.watch;
        if (watch.reach == Millis(0)) {
            watch.reach = kUntoldReach;
        }
        decided_.clear();
        bool const first_failure = result.after.failures == 1;
        if (first_failure && result.after.status != HealthStatus::down) {
            start_over(watch, result.accepted_at, decided_);
        }
        observe(watch, result.accepted_at, observed_as(result), decided_);
        blind_ = false;
        book(seen);
        add_check(rollup_at(seen, result.accepted_at), result.after.status,
                  result.outcome.response_time);
    }
    void operator()(ServiceChanged const& changed) {
        auto const& policy = changed.service.spec.policy;
        if (changed.service.id.valid()) {
            seen_of(changed.service.id).watch->reach = 2 * policy.interval + policy.timeout;
        }
    }
    void operator()(ServiceRemoved const& removed) {
        auto& seen = seen_of(removed.id);
        if (seen.watch->last_at) {
            decided_.clear();
            lose_sight(*seen.watch, removed.at, decided_);
            book(seen);
        }
        seen.watch.reset();
        ended_.push_back(removed.id);
    }
    void operator()(OverlayChanged const& changed) {
        if (changed.overlay == Overlay::maintenance && changed.service.valid()) {
            decided_.clear();
            auto& seen = seen_of(changed.service);
            set_maintenance(*seen.watch, changed.at, changed.on, decided_);
            book(seen);
        }
    }
    void operator()(HubStarted const& started) { go_blind(started.at); }
    void operator()(HubStopped const& stopped) { go_blind(stopped.at); }
    void operator()(Gap const& gap) {
        if (gap.follower == "journal" || gap.follower == kGaveWay) {
            go_blind(std::nullopt);
        }
    }
    template <class Other>
    void operator()(Other const&) {}

    [[nodiscard]] RollupReducer::Step take() {
        RollupReducer::Step step;
        for (auto& [service, seen] : seen_) {
            for (auto& [minute, rollup] : seen.minutes) {
                step.rows.push_back({service, WallTime(minute), std::move(rollup)});
            }
            if (seen.watch) {
                step.watches.push_back({service, *seen.watch});
            }
        }
        std::sort(
            step.rows.begin(), step.rows.end(), [](RollupRow const& left, RollupRow const& right) {
                return std::tie(left.minute, left.service) < std::tie(right.minute, right.service);
            });
        std::sort(step.watches.begin(), step.watches.end(),
                  [](WatchRow const& left, WatchRow const& right) {
                      return left.service < right.service;
                  });
        step.ended = std::move(ended_);
        return step;
    }

private:
    using Minutes = std::chrono::sys_time<Minute>;

    /// Of one service.
    struct Seen {
        std::optional<Watch> watch;                       ///< Nothing once it was removed.
        std::vector<std::pair<Minutes, Rollup>> minutes;  ///< Few: in no order.
    };

    /// With its watch.
    Seen& seen_of(ServiceId service) {
        auto& seen = seen_[service];
        if (seen.watch) {
            return seen;
        }
        seen.watch.emplace();
        auto const ended = std::find(ended_.begin(), ended_.end(), service);
        if (ended != ended_.end()) {
            ended_.erase(ended);  // it is back, as somebody new
        } else if (auto const known = before_.find(service); known != before_.end()) {
            seen.watch = known->second;
        }
        return seen;
    }

    static Rollup& rollup_at(Seen& seen, WallTime at) {
        auto const minute = std::chrono::floor<Minute>(at);
        // Time moves on: the newest is asked for most.
        auto const found =
            std::find_if(seen.minutes.rbegin(), seen.minutes.rend(),
                         [minute](auto const& known) { return known.first == minute; });
        if (found != seen.minutes.rend()) {
            return found->second;
        }
        return seen.minutes.emplace_back(minute, Rollup()).second;
    }

    /// Cuts what was decided at the minutes' borders.
    void book(Seen& seen) {
        for (auto const& time : decided_) {
            auto from = std::max(time.from, WallTime{});
            while (from < time.to) {
                auto const end =
                    std::min<WallTime>(time.to, std::chrono::floor<Minute>(from) + Minute(1));
                Rollup part;
                part.observed = end - from;
                part.down_time = time.down ? part.observed : Millis(0);
                merge(rollup_at(seen, from), part, Minute(1));
                from = end;
            }
        }
    }

    Watches const& before_;
    std::unordered_map<ServiceId, Seen> seen_;
    std::vector<ServiceId> ended_;
    std::vector<ObservedTime> decided_;
    bool blind_{false};  // nothing was seen since it went blind
};

}  // namespace

RollupReducer::RollupReducer(RollupState const& state) {
    for (auto const& row : state.watches) {
        watches_.emplace(row.service, row.watch);
    }
}

template <class Next>
RollupReducer::Step RollupReducer::reduce_all(Cursor const& expected, Cursor const& next,
                                              Next next_record) const {
    Run run(watches_);
    std::optional<WallTime> known_until;
    auto last_seq = expected.journal_id == next.journal_id ? expected.seq : 0;
    if (expected.journal_id != next.journal_id) {
        run.go_blind(std::nullopt);
    }
    while (Record const* const record = next_record()) {
        if (record->position.seq != last_seq + 1) {
            run.go_blind(std::nullopt);
        }
        last_seq = record->position.seq;
        known_until = time_of(record->body);
        std::visit(run, record->body);
    }
    if (last_seq != next.seq) {
        run.go_blind(std::nullopt);
    }
    auto step = run.take();
    step.known_until = known_until;
    return step;
}

RollupReducer::Step RollupReducer::reduce(Cursor const& expected, Cursor const& next,
                                          std::span<Record const> records) const {
    return reduce_all(expected, next, [left = records]() mutable -> Record const* {
        if (left.empty()) {
            return nullptr;
        }
        auto const* const record = &left.front();
        left = left.subspan(1);
        return record;
    });
}

RollupReducer::Step RollupReducer::reduce(Cursor const& expected, Cursor const& next,
                                          RecordStream& records) const {
    return reduce_all(expected, next, [&records] { return records.next(); });
}

void RollupReducer::apply(Step const& step) {
    for (auto const& row : step.watches) {
        watches_.insert_or_assign(row.service, row.watch);
    }
    for (auto const service : step.ended) {
        watches_.erase(service);
    }
}

}  // namespace muster
