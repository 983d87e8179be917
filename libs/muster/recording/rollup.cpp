#include <muster/recording/rollup.hpp>

#include <algorithm>
#include <optional>
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
    explicit Run(std::map<ServiceId, Watch> const& before) : before_(before) {}

    /// Whatever happened since the last result of anybody, nobody saw it.
    void go_blind(std::optional<WallTime> at) {
        if (std::exchange(blind_, true)) {
            return;  // a shrunken journal has hole behind hole
        }
        auto all = before_;
        for (auto const& [service, watch] : changed_) {
            all[service] = watch;
        }
        for (auto const service : ended_) {
            all.erase(service);
        }
        for (auto& [service, watch] : all) {
            if (watch.last_at && watch.last_reach > Millis(0)) {
                decided_.clear();
                lose_sight(watch, at.value_or(*watch.last_at), decided_);
                book(service);
                changed_[service] = watch;
            }
        }
    }

    void operator()(CheckResult const& result) {
        if (result.outcome.verdict == Verdict::not_counted || !is_bookable(result)) {
            return;
        }
        auto& watch = watch_of(result.service);
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
        book(result.service);
        add_check(rollup_at(result.service, result.accepted_at), result.after.status,
                  result.outcome.response_time);
    }
    void operator()(ServiceChanged const& changed) {
        auto const& policy = changed.service.spec.policy;
        if (changed.service.id.valid()) {
            watch_of(changed.service.id).reach = 2 * policy.interval + policy.timeout;
        }
    }
    void operator()(ServiceRemoved const& removed) {
        auto& watch = watch_of(removed.id);
        if (watch.last_at) {
            decided_.clear();
            lose_sight(watch, removed.at, decided_);
            book(removed.id);
        }
        changed_.erase(removed.id);
        ended_.push_back(removed.id);
    }
    void operator()(OverlayChanged const& changed) {
        if (changed.overlay == Overlay::maintenance && changed.service.valid()) {
            decided_.clear();
            set_maintenance(watch_of(changed.service), changed.at, changed.on, decided_);
            book(changed.service);
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
        for (auto& [place, rollup] : rollups_) {
            step.rows.push_back({place.second, WallTime(place.first), std::move(rollup)});
        }
        for (auto const& [service, watch] : changed_) {
            step.watches.push_back({service, watch});
        }
        step.ended = std::move(ended_);
        return step;
    }

private:
    Watch& watch_of(ServiceId service) {
        auto const found = changed_.find(service);
        if (found != changed_.end()) {
            return found->second;
        }
        auto const ended = std::find(ended_.begin(), ended_.end(), service);
        Watch watch;
        if (ended != ended_.end()) {
            ended_.erase(ended);  // it is back, as somebody new
        } else if (auto const known = before_.find(service); known != before_.end()) {
            watch = known->second;
        }
        return changed_.emplace(service, watch).first->second;
    }

    Rollup& rollup_at(ServiceId service, WallTime at) {
        return rollups_[{std::chrono::floor<Minute>(at), service}];
    }

    /// Cuts what was decided at the minutes' borders.
    void book(ServiceId service) {
        for (auto const& time : decided_) {
            auto from = std::max(time.from, WallTime{});
            while (from < time.to) {
                auto const end =
                    std::min<WallTime>(time.to, std::chrono::floor<Minute>(from) + Minute(1));
                Rollup part;
                part.observed = end - from;
                part.down_time = time.down ? part.observed : Millis(0);
                merge(rollup_at(service, from), part, Minute(1));
                from = end;
            }
        }
    }

    using Place = std::pair<std::chrono::sys_time<Minute>, ServiceId>;

    std::map<ServiceId, Watch> const& before_;
    std::map<ServiceId, Watch> changed_;
    std::vector<ServiceId> ended_;
    std::map<Place, Rollup> rollups_;  // by minute, then by service: neighbours in a store
    std::vector<ObservedTime> decided_;
    bool blind_{false};  // nothing was seen since it went blind
};

}  // namespace

RollupReducer::RollupReducer(RollupState const& state) {
    for (auto const& row : state.watches) {
        watches_.emplace(row.service, row.watch);
    }
}

RollupReducer::Step RollupReducer::reduce(Cursor const& expected, Cursor const& next,
                                          std::span<Record const> records) const {
    Run run(watches_);
    std::optional<WallTime> known_until;
    auto last_seq = expected.journal_id == next.journal_id ? expected.seq : 0;
    if (expected.journal_id != next.journal_id) {
        run.go_blind(std::nullopt);
    }
    for (auto const& record : records) {
        if (record.position.seq != last_seq + 1) {
            run.go_blind(std::nullopt);
        }
        last_seq = record.position.seq;
        known_until = time_of(record.body);
        std::visit(run, record.body);
    }
    if (last_seq != next.seq) {
        run.go_blind(std::nullopt);
    }
    auto step = run.take();
    step.known_until = known_until;
    return step;
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
