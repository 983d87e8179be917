#include "checks_of_history.hpp"

#include <algorithm>
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

class Checker {
public:
    using Maintained = std::function<bool(ServiceSpec const&, WallTime)>;

    Checker(std::uint64_t last_seq, WallTime start, Maintained const& maintained)
        : last_seq_(last_seq), start_(start), maintained_(maintained) {}

    std::vector<std::string> run(std::span<Record const> stored) {
        for (auto const& record : stored) {
            expect(record.position.seq == next_seq_, record.position,
                   "record " + std::to_string(next_seq_) + " is next");
            next_seq_ = record.position.seq + 1;
            position_ = record.position;
            std::visit([this](auto const& body) { take(body); }, record.body);
        }
        expect(next_seq_ == last_seq_ + 1, position_,
               "everything up to " + std::to_string(last_seq_) + " was stored");
        return std::move(complaints_);
    }

private:
    void take(HubStarted const& started) { started_at_ = started.at; }

    void take(ServiceChanged const& changed) {
        auto& past = pasts_[changed.service.id];
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
        past.overlays.set(changed.overlay, changed.on);
        if (changed.overlay == Overlay::unreachable) {
            expect(changed.on == needs_what_is_down(past.service.spec), position_,
                   "who is unreachable needs what is down");
            auto const slash = changed.root.find('/');
            expect(changed.on == (slash != std::string::npos), position_,
                   "who is unreachable has a root cause");
            if (slash != std::string::npos) {
                auto const root =
                    ids_[{changed.root.substr(0, slash), changed.root.substr(slash + 1)}];
                expect(pasts_[root].status == HealthStatus::down, position_,
                       "a root cause is down");
            }
        }
    }

    /// In the plainest way; dependencies of the simulation form no ring.
    bool needs_what_is_down(ServiceSpec const& spec) {
        return std::any_of(spec.depends_on.begin(), spec.depends_on.end(), [&](auto const& need) {
            auto const& past = pasts_[ids_[{need.project, need.service}]];
            return !need.optional &&
                   (past.status == HealthStatus::down || needs_what_is_down(past.service.spec));
        });
    }

    void check_windows(Past const& past, WallTime at) {
        bool const covered = maintained_(past.service.spec, at);
        bool const at_an_edge = maintained_(past.service.spec, at - 1s) != covered;
        expect(at_an_edge || past.overlays.has(Overlay::maintenance) == covered, position_,
               "who is covered by a window is in maintenance");
    }

    void check_overlays(Past const& past) {
        expect(past.overlays.has(Overlay::unreachable) == needs_what_is_down(past.service.spec),
               position_, "who needs what is down is unreachable");
        expect(past.overlays.has(Overlay::flapping) == past.flaps, position_,
               "who changes too often flaps");
    }

    void take(CheckResult const& result) {
        auto& past = pasts_[result.service];
        expect(!past.expected, position_, "a change is followed by its transition");
        check_overlays(past);
        check_windows(past, result.accepted_at);
        if (result.outcome.verdict == Verdict::not_counted) {
            expect(!past.previous || past.previous->after == result.after, position_,
                   "our own fault changes nothing");
            return;
        }
        auto const before = past.status;
        auto const& policy = past.service.spec.policy;
        bool const excused = !passed(result.outcome) && before != HealthStatus::down &&
                             result.started_at < started_at_ + policy.grace;
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
        bool const retry =
            previous->after.failures > 0 && previous->after.status != HealthStatus::down;
        if (retry) {
            return;
        }
        auto const interval = std::chrono::nanoseconds(past.service.spec.policy.interval);
        auto const offset = std::chrono::nanoseconds(static_cast<std::int64_t>(
            past.service.identity % static_cast<std::uint64_t>(interval.count())));
        auto const since = std::chrono::nanoseconds(result.started_at - start_) - offset;
        auto const beside = ((since % interval) + interval) % interval;
        auto const off = std::min(beside, interval - beside);
        expect(off <= 1ms, position_, "a regular check starts in phase");
    }

    template <class Body>
    void take(Body const&) {}

    void expect(bool holds, Position at, std::string promise) {
        if (!holds && complaints_.size() < 40) {
            complaints_.push_back("at " + std::to_string(at.epoch) + ":" + std::to_string(at.seq) +
                                  ": " + std::move(promise));
        }
    }

    std::uint64_t const last_seq_;
    WallTime const start_;
    Maintained const& maintained_;
    std::uint64_t next_seq_{1};
    Position position_;
    WallTime started_at_{};
    std::map<ServiceId, Past> pasts_;
    std::map<std::pair<std::string, std::string>, ServiceId> ids_;
    std::set<std::pair<std::string, std::string>> needed_;
    std::vector<std::string> complaints_;
};

}  // namespace

std::vector<std::string> check_history(
    std::span<Record const> stored, std::uint64_t last_seq, WallTime start,
    std::function<bool(ServiceSpec const&, WallTime)> const& maintained) {
    return Checker(last_seq, start, maintained).run(stored);
}

}  // namespace muster::simulation
