#include "checks_of_history.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace muster::simulation {
namespace {

struct Seen {
    Outcome outcome;
    bool excused{false};  ///< It failed within the grace.
};

/// All that was ever said of a service's availability, summed up anew each time it is asked for.
class Sightings {
public:
    struct Sums {
        double observed{0};
        double down{0};
    };

    void see(WallTime at, Observed what, Millis reach) { marks_.push_back({at, what, at + reach}); }
    /// What was seen last means something else from `at` on.
    void reconsider(WallTime at, Observed what) {
        if (!marks_.empty()) {
            marks_.push_back({at, what, std::max(at, marks_.back().until)});
        }
    }
    void lose_sight(WallTime at) {
        if (!marks_.empty()) {
            marks_.back().until = std::min(marks_.back().until, at);
            marks_.back().blind = true;
        }
    }
    void start_over(WallTime at) {
        if (!marks_.empty() && marks_.back().what == Observed::suspect) {
            reconsider(std::max(at, marks_.back().at), Observed::not_down);
        }
    }

    [[nodiscard]] bool empty() const { return marks_.empty(); }
    [[nodiscard]] WallTime since() const { return marks_.front().at; }

    [[nodiscard]] Sums sums() const {
        Sums sums;
        for (std::size_t index = 0; index < marks_.size(); ++index) {
            auto const& mark = marks_[index];
            bool const last = index + 1 == marks_.size();
            auto const until = !last        ? std::min(mark.until, marks_[index + 1].at)
                               : mark.blind ? mark.until
                                            : mark.at;  // what it says is not over
            if (mark.what == Observed::excused || until <= mark.at) {
                continue;
            }
            auto const length = static_cast<double>((until - mark.at).count());
            sums.observed += length;
            sums.down += was_down(index) ? length : 0;
        }
        return sums;
    }

private:
    struct Mark {
        WallTime at{};
        Observed what{Observed::not_down};
        WallTime until{};
        bool blind{false};
    };

    /// A run of failures counts by how it ends, unless nobody looked in between.
    [[nodiscard]] bool was_down(std::size_t index) const {
        while (marks_[index].what == Observed::suspect) {
            bool const last = index + 1 == marks_.size();
            if (last || marks_[index].blind || marks_[index].until < marks_[index + 1].at) {
                return false;
            }
            ++index;
        }
        return marks_[index].what == Observed::down;
    }

    std::vector<Mark> marks_;
};

/// What the records have told of one service so far.
struct Past {
    Service service;
    std::vector<Seen> seen;     ///< That count, since it was registered.
    std::vector<bool> changes;  ///< In which of them the status changed.
    HealthStatus status{HealthStatus::unknown};
    Overlays overlays;
    std::optional<CheckResult> previous;
    std::uint64_t previous_epoch{0};
    bool changed_since_check{true};  ///< Its settings: the next check may be out of rhythm.
    std::optional<Transition> expected;
    bool flaps{false};
    bool passed_last{true};
    WallTime added_at{};
    Sightings sightings;
    std::size_t results{0};
};

bool passed(Outcome const& outcome) {
    return outcome.verdict == Verdict::passed && outcome.word != BodyWord::down;
}

/// Looks at the end of the whole list each time, as a person would.
HealthStatus naive_status(HealthStatus before, std::vector<Seen> const& seen,
                          HealthPolicy const& policy) {
    auto const run_of = [&seen](bool pass) {
        auto const end = std::find_if(seen.rbegin(), seen.rend(), [&](Seen const& one) {
            return one.excused || passed(one.outcome) != pass;
        });
        return static_cast<std::size_t>(end - seen.rbegin());
    };
    auto const failures_of = [&seen](std::size_t of) {
        std::size_t failures = 0;
        for (auto one = seen.rbegin(); one != seen.rend() && of > 0; ++one) {
            if (!one->excused) {
                failures += passed(one->outcome) ? 0 : 1;
                --of;
            }
        }
        return failures;
    };
    auto const& newest = seen.back();
    if (newest.excused) {
        return before;
    }
    if (!passed(newest.outcome)) {
        bool const enough = policy.failures_of.of > 0
                                ? failures_of(policy.failures_of.of) >= policy.failures_of.failures
                                : run_of(false) >= policy.failure_threshold;
        return enough ? HealthStatus::down : before;
    }
    bool const must_rise = before == HealthStatus::unknown || before == HealthStatus::down;
    if (must_rise && run_of(true) < policy.success_threshold) {
        return before;
    }
    auto const percent =
        before == HealthStatus::degraded ? 100 - policy.hysteresis_percent : std::uint32_t{100};
    bool const slow = newest.outcome.response_time * 100 >= Micros(policy.degraded_above) * percent;
    return slow || newest.outcome.word == BodyWord::degraded ? HealthStatus::degraded
                                                             : HealthStatus::up;
}

/// The weighted share of the last 20 checks that changed the status.
bool naive_flapping(bool before, std::vector<bool> const& changes) {
    double sum = 0;
    for (std::size_t slot = 0; slot < 20; ++slot) {
        auto const back = 20 - slot;
        bool const changed = back <= changes.size() && changes[changes.size() - back];
        sum += changed ? 0.8 + 0.02 * static_cast<double>(slot) : 0;
    }
    auto const score = 100 * sum / 20;
    return before ? score > 25 - 1e-9 : score > 30 + 1e-9;
}

}  // namespace

class HistoryCheck::Reference {
public:
    explicit Reference(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}

    void take_next(Record const& record) {
        expect(record.position.seq == next_seq_, record.position,
               "each durable record is stored once: " + std::to_string(next_seq_) + " is next");
        expect(record.position.epoch >= position_.epoch, record.position, "epochs grow");
        next_seq_ = record.position.seq + 1;
        position_ = record.position;
        std::visit([this](auto const& body) { take(body); }, record.body);
    }

    void end(std::uint64_t last_seq) {
        expect(next_seq_ == last_seq + 1, position_,
               "everything up to " + std::to_string(last_seq) + " was stored");
    }

    /// Every check that counts is in one minute and one hour, and their time is the one that was
    /// seen.
    void compare(MemoryHistory const& history) {
        for (auto const* const rollups : {&history.minutes, &history.hours}) {
            std::map<ServiceId, Rollup> rolled;
            for (auto const& [place, rollup] : *rollups) {
                auto& sum = rolled[place.first.second];
                sum.checks += rollup.checks;
                sum.observed += rollup.observed;
                sum.down_time += rollup.down_time;
            }
            for (auto const& [id, checks] : checks_) {
                expect(rolled[id].checks == checks, position_,
                       "every check of " + std::to_string(id.value) + " is rolled up once: " +
                           std::to_string(checks) + ", not " + std::to_string(rolled[id].checks));
                compare_time(id, rolled[id]);
            }
        }
    }

    /// What the hub remembers of a service adds up to what was seen, while all of it is within a
    /// day.
    void compare(ServiceId id, Availability const& availability) {
        auto const past = pasts_.find(id);
        if (past == pasts_.end() || past->second.sightings.empty() || clock_was_set_back() ||
            blind_spots_ || position_.seq == 0 ||
            last_time_ - past->second.sightings.since() > kWholeDay) {
            return;
        }
        Sightings::Sums booked;
        for (auto const& bucket : availability.state().buckets) {
            booked.observed += bucket.observed_ms;
            booked.down += bucket.down_ms;
        }
        auto const seen = past->second.sightings.sums();
        expect(near(booked.observed, seen.observed), position_,
               "coverage of " + std::to_string(id.value) + " adds up: " +
                   in_seconds(seen.observed) + " observed, not " + in_seconds(booked.observed));
        expect(near(booked.down, seen.down), position_,
               "uptime of " + std::to_string(id.value) + " adds up: " + in_seconds(seen.down) +
                   " down, not " + in_seconds(booked.down));
    }

    [[nodiscard]] std::vector<std::string> const& complaints() const { return complaints_; }

private:
    static constexpr Millis kWholeDay{23 * 3600 * 1000};

    static bool near(double left, double right) { return std::abs(left - right) < 1; }
    static std::string in_seconds(double ms) { return std::to_string(ms / 1000) + " s"; }

    [[nodiscard]] bool clock_was_set_back() const {
        return surroundings_.clock_was_set_back && surroundings_.clock_was_set_back();
    }

    void compare_time(ServiceId id, Rollup const& rolled) {
        if (clock_was_set_back() || blind_spots_) {
            return;
        }
        auto sums = gone_[id];
        auto const past = pasts_.find(id);
        if (past != pasts_.end()) {
            auto const seen = past->second.sightings.sums();
            sums.observed += seen.observed;
            sums.down += seen.down;
        }
        expect(near(static_cast<double>(rolled.observed.count()), sums.observed), position_,
               "the minutes of " + std::to_string(id.value) +
                   " add up: " + in_seconds(sums.observed) + " observed, not " +
                   std::to_string(rolled.observed.count()) + " ms");
        expect(near(static_cast<double>(rolled.down_time.count()), sums.down), position_,
               "the down time of " + std::to_string(id.value) +
                   " adds up: " + in_seconds(sums.down) + ", not " +
                   std::to_string(rolled.down_time.count()) + " ms");
    }

    void take(HubStarted const& started) {
        started_at_ = started.at - clock_set_by().back();
        lose_sight(started.at);
    }
    void take(HubStopped const& stopped) { lose_sight(stopped.at); }

    void lose_sight(WallTime at) {
        last_time_ = at;
        for (auto& [id, past] : pasts_) {
            past.sightings.lose_sight(at);
        }
    }

    /// What was lost is unobserved in minutes and hours, which know only the records.
    void take(Gap const& gap) {
        blind_spots_ = blind_spots_ || gap.follower == "journal" || gap.follower == "limit";
    }

    void take(ServiceRemoved const& removed) {
        auto& past = pasts_[removed.id];
        past.sightings.lose_sight(removed.at);
        auto const seen = past.sightings.sums();
        gone_[removed.id].observed += seen.observed;
        gone_[removed.id].down += seen.down;
        forget_name(past.service.spec, removed.id);
        pasts_.erase(removed.id);
    }

    void forget_name(ServiceSpec const& spec, ServiceId id) {
        auto const named = ids_.find({spec.project, spec.name});
        if (named != ids_.end() && named->second == id) {
            ids_.erase(named);
        }
    }

    void take(ServiceChanged const& changed) {
        bool const known = pasts_.contains(changed.service.id);
        auto& past = pasts_[changed.service.id];
        if (!known) {
            past.added_at = changed.service.updated_at - clock_set_by().back();
        } else {
            forget_name(past.service.spec, changed.service.id);
            if (past.service.spec.probe != changed.service.spec.probe) {
                past.seen.clear();
                past.changes.clear();
                past.sightings.start_over(changed.service.updated_at);
            }
        }
        past.service = changed.service;
        past.changed_since_check = true;
        auto const& spec = changed.service.spec;
        ids_[{spec.project, spec.name}] = changed.service.id;
        for (auto const& dependency : spec.depends_on) {
            needed_.insert({dependency.project, dependency.service});
        }
    }

    void take(OverlayChanged const& changed) {
        auto& past = pasts_[changed.service];
        expect(past.service.id == changed.service, position_, "overlays are of known services");
        bool const changes = past.overlays.has(changed.overlay) != changed.on;
        past.overlays.set(changed.overlay, changed.on);
        if (changed.overlay == Overlay::maintenance && changes) {
            past.sightings.reconsider(changed.at, seen_as(past));
        }
        if (changed.overlay == Overlay::unreachable) {
            expect(changed.on == needs_what_is_down(past.service.spec), position_,
                   "who is unreachable needs what is down");
            auto const slash = changed.root.find('/');
            expect(changed.on == (slash != std::string::npos), position_,
                   "who is unreachable has a root cause");
            if (slash != std::string::npos) {
                auto const* const root =
                    find(changed.root.substr(0, slash), changed.root.substr(slash + 1));
                expect(root != nullptr && root->status == HealthStatus::down, position_,
                       "a root cause is down");
            }
        }
    }

    /// In the plainest way; dependencies of the simulation form no ring.
    bool needs_what_is_down(ServiceSpec const& spec) {
        return std::any_of(spec.depends_on.begin(), spec.depends_on.end(), [&](auto const& need) {
            auto const* const past = find(need.project, need.service);
            return !need.optional && past != nullptr &&
                   (past->status == HealthStatus::down || needs_what_is_down(past->service.spec));
        });
    }

    [[nodiscard]] Past const* find(std::string const& project, std::string const& name) const {
        auto const id = ids_.find({project, name});
        auto const past = id != ids_.end() ? pasts_.find(id->second) : pasts_.end();
        return past != pasts_.end() ? &past->second : nullptr;
    }

    void check_windows(Past const& past, WallTime at) {
        auto const covered = surroundings_.maintained(past.service.spec, at);
        bool const at_an_edge = surroundings_.maintained(past.service.spec, at - 1s) != covered;
        expect(!covered || at_an_edge || past.overlays.has(Overlay::maintenance) == *covered,
               position_,
               "who is covered by a window is in maintenance: " + past.service.spec.project + "/" +
                   past.service.spec.name + " at " + to_rfc3339(at));
    }

    /// What the newest check says about availability, as things stand.
    static Observed seen_as(Past const& past) {
        bool const in_window = past.overlays.has(Overlay::maintenance);
        if (past.status == HealthStatus::down) {
            return in_window ? Observed::excused : Observed::down;
        }
        if (past.passed_last) {
            return Observed::not_down;
        }
        bool const begins_anew = past.seen.empty() || past.seen.back().excused;
        return begins_anew || in_window ? Observed::excused : Observed::suspect;
    }

    /// What was wrong with us is no evidence about anybody else.
    void check_blame(Past const& past, CheckResult const& result) {
        bool const poor =
            !passed(result.outcome) ||
            result.outcome.response_time >= Micros(past.service.spec.policy.degraded_above);
        bool const held_up = surroundings_.held_up && surroundings_.held_up(position_, result);
        expect(!poor || !held_up, position_, "nobody is judged by the time that we stood still");
        bool const ours = result.outcome.own_fault == OwnFault::descriptors ||
                          result.outcome.own_fault == OwnFault::resolver ||
                          result.outcome.own_fault == OwnFault::held_up;
        expect(!ours, position_, "nobody is judged by our own fault");
    }

    void check_uptime(Past const& past, CheckResult const& result) {
        if (clock_was_set_back() || past.sightings.empty() ||
            result.accepted_at - past.sightings.since() > kWholeDay) {
            return;
        }
        auto const sums = past.sightings.sums();
        if (sums.observed > 0) {
            auto const uptime = 100 * (sums.observed - sums.down) / sums.observed;
            expect(std::abs(uptime - result.uptime_percent) < 1e-6, position_,
                   "uptime is the time observed not down: " + std::to_string(uptime) + ", not " +
                       std::to_string(result.uptime_percent));
        }
    }

    void check_overlays(Past const& past) {
        expect(past.overlays.has(Overlay::unreachable) == needs_what_is_down(past.service.spec),
               position_, "who needs what is down is unreachable");
        expect(past.overlays.has(Overlay::flapping) == past.flaps, position_,
               "who changes too often flaps");
    }

    void take(CheckResult const& result) {
        auto const found = pasts_.find(result.service);
        if (found == pasts_.end()) {
            expect(false, position_, "no result is taken of who is gone");
            return;
        }
        auto& past = found->second;
        last_time_ = result.accepted_at;
        expect(!past.expected, position_, "a change is followed by its transition");
        check_overlays(past);
        check_windows(past, result.accepted_at);
        if (result.outcome.verdict == Verdict::not_counted) {
            expect(
                !past.previous || past.changed_since_check || past.previous->after == result.after,
                position_, "our own fault changes nothing");
            return;
        }
        auto const before = past.status;
        auto const& policy = past.service.spec.policy;
        bool const excused =
            !passed(result.outcome) && before != HealthStatus::down && in_grace(past, result);
        check_blame(past, result);
        ++checks_[result.service];
        past.passed_last = passed(result.outcome);
        past.seen.push_back({result.outcome, excused});
        if (past.seen.size() > 96) {
            past.seen.erase(past.seen.begin(), past.seen.end() - 64);
        }
        past.status = naive_status(before, past.seen, policy);
        past.changes.push_back(before != HealthStatus::unknown && past.status != before);
        past.flaps = naive_flapping(past.flaps, past.changes);
        expect(past.status == result.after.status, position_,
               "status is what the outcomes say: " + std::string(to_string(past.status)) +
                   ", not " + std::string(to_string(result.after.status)));
        if (past.status != before) {
            past.expected.emplace();
            past.expected->from = before;
            past.expected->to = past.status;
            past.expected->reason.error = result.outcome.error;
        }
        past.sightings.see(result.accepted_at, seen_as(past), 2 * policy.interval + policy.timeout);
        if (++past.results % kEvery == 0) {
            check_uptime(past, result);
        }
        check_rhythm(past, result);
        past.previous = result;
        past.previous_epoch = position_.epoch;
        past.changed_since_check = false;
    }

    void take(Transition const& transition) {
        auto& past = pasts_[transition.service];
        bool const awaited = past.expected && past.expected->from == transition.from &&
                             past.expected->to == transition.to;
        expect(awaited, position_, "a transition belongs to a change");
        if (awaited) {
            auto const& reason = transition.reason;
            expect(reason.error == past.expected->reason.error && !reason.deciding.empty() &&
                       reason.deciding.back().error == reason.error &&
                       reason.count >= reason.threshold,
                   position_, "a transition says why");
        }
        past.expected.reset();
    }

    /// By the clock as it would be had nobody set it.
    [[nodiscard]] bool in_grace(Past const& past, CheckResult const& result) const {
        auto const since = std::max(started_at_, past.added_at);
        auto const clocks = clock_set_by();
        return std::all_of(clocks.begin(), clocks.end(), [&](Millis set_by) {
            return result.started_at - set_by < since + past.service.spec.policy.grace;
        });
    }

    [[nodiscard]] std::vector<Millis> clock_set_by() const {
        return surroundings_.clock_set_by ? surroundings_.clock_set_by(position_)
                                          : std::vector<Millis>{Millis(0)};
    }

    /// A check that follows a regular one, in the same life of the hub, starts in phase.
    void check_rhythm(Past const& past, CheckResult const& result) {
        auto const& previous = past.previous;
        auto const& spec = past.service.spec;
        if (needed_.contains({spec.project, spec.name})) {
            return;  // looked at whenever somebody who needs it fails
        }
        if (!previous || past.previous_epoch != position_.epoch || past.changed_since_check) {
            return;
        }
        if (surroundings_.out_of_rhythm && surroundings_.out_of_rhythm(position_, result)) {
            return;
        }
        bool const retry =
            previous->after.failures > 0 && previous->after.status != HealthStatus::down;
        if (retry) {
            return;
        }
        auto const interval = std::chrono::nanoseconds(past.service.spec.policy.interval);
        auto const offset = std::chrono::nanoseconds(static_cast<std::int64_t>(
            past.service.identity % static_cast<std::uint64_t>(interval.count())));
        auto const off_phase = [&](Millis clock_set_by) {
            auto const since =
                std::chrono::nanoseconds(result.started_at - surroundings_.start - clock_set_by) -
                offset;
            auto const beside = ((since % interval) + interval) % interval;
            // Never early; as late as those due within 2 ms wait for each other. Kept in ms.
            return beside > 3ms && interval - beside > 1ms;
        };
        auto const clocks = clock_set_by();
        expect(!std::all_of(clocks.begin(), clocks.end(), off_phase), position_,
               "a regular check starts in phase");
    }

    template <class Body>
    void take(Body const&) {}

    void expect(bool holds, Position at, std::string promise) {
        if (!holds && complaints_.size() < 40) {
            complaints_.push_back("at " + std::to_string(at.epoch) + ":" + std::to_string(at.seq) +
                                  ": " + std::move(promise));
        }
    }

    static constexpr std::size_t kEvery = 61;  // the whole past is summed up each time

    Surroundings const surroundings_;
    std::uint64_t next_seq_{1};
    Position position_;
    WallTime started_at_{};
    std::map<ServiceId, Past> pasts_;
    std::map<std::pair<std::string, std::string>, ServiceId> ids_;
    std::set<std::pair<std::string, std::string>> needed_;
    std::map<ServiceId, std::uint64_t> checks_;
    std::map<ServiceId, Sightings::Sums> gone_;
    WallTime last_time_{};
    bool blind_spots_{false};
    std::vector<std::string> complaints_;
};

HistoryCheck::HistoryCheck(Surroundings surroundings)
    : reference_(std::make_unique<Reference>(std::move(surroundings))) {}

HistoryCheck::~HistoryCheck() = default;

void HistoryCheck::take(Record const& record) {
    reference_->take_next(record);
}

void HistoryCheck::end(std::uint64_t last_seq) {
    reference_->end(last_seq);
}

void HistoryCheck::compare(MemoryHistory const& history) {
    reference_->compare(history);
}

void HistoryCheck::compare(ServiceId id, Availability const& availability) {
    reference_->compare(id, availability);
}

std::vector<std::string> const& HistoryCheck::complaints() const noexcept {
    return reference_->complaints();
}

std::vector<std::string> check_history(
    std::span<Record const> stored, std::uint64_t last_seq, WallTime start,
    std::function<bool(ServiceSpec const&, WallTime)> const& maintained) {
    Surroundings surroundings;
    surroundings.start = start;
    surroundings.maintained = maintained;
    HistoryCheck check(std::move(surroundings));
    for (auto const& record : stored) {
        check.take(record);
    }
    check.end(last_seq);
    return check.complaints();
}

}  // namespace muster::simulation
