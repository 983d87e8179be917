#include "checks_of_history.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>
#include <variant>

namespace muster::simulation {
namespace {

/// What the records have told of one service so far.
struct Past {
    Service service;
    std::vector<Outcome> outcomes;  ///< That count, since it was registered.
    HealthStatus status{HealthStatus::unknown};
    std::optional<CheckResult> previous;
    std::uint64_t previous_epoch{0};
    bool changed_since_check{true};  ///< Its settings: the next check may be out of rhythm.
    std::optional<Transition> expected;
};

bool passed(Outcome const& outcome) {
    return outcome.verdict == Verdict::passed && outcome.word != BodyWord::down;
}

/// Looks at the end of the whole list each time, as a person would.
HealthStatus naive_status(HealthStatus before, std::vector<Outcome> const& outcomes,
                          HealthPolicy const& policy) {
    auto const last_differs = [&](bool pass) {
        auto const found = std::find_if(outcomes.rbegin(), outcomes.rend(),
                                        [&](auto const& one) { return passed(one) != pass; });
        return static_cast<std::size_t>(found - outcomes.rbegin());
    };
    auto const& newest = outcomes.back();
    if (!passed(newest)) {
        return last_differs(false) >= policy.failure_threshold ? HealthStatus::down : before;
    }
    bool const must_rise = before == HealthStatus::unknown || before == HealthStatus::down;
    if (must_rise && last_differs(true) < policy.success_threshold) {
        return before;
    }
    bool const poor =
        newest.word == BodyWord::degraded || newest.response_time >= policy.degraded_above;
    return poor ? HealthStatus::degraded : HealthStatus::up;
}

class Checker {
public:
    Checker(std::uint64_t last_seq, WallTime start) : last_seq_(last_seq), start_(start) {}

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
    void take(ServiceChanged const& changed) {
        auto& past = pasts_[changed.service.id];
        past.service = changed.service;
        past.changed_since_check = true;
    }

    void take(CheckResult const& result) {
        auto& past = pasts_[result.service];
        expect(!past.expected, position_, "a change is followed by its transition");
        if (result.outcome.verdict == Verdict::not_counted) {
            expect(!past.previous || past.previous->after == result.after, position_,
                   "our own fault changes nothing");
            return;
        }
        past.outcomes.push_back(result.outcome);
        if (past.outcomes.size() > 64) {
            past.outcomes.erase(past.outcomes.begin(), past.outcomes.end() - 32);
        }
        auto const before = past.status;
        past.status = naive_status(before, past.outcomes, past.service.spec.policy);
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
    std::uint64_t next_seq_{1};
    Position position_;
    std::map<ServiceId, Past> pasts_;
    std::vector<std::string> complaints_;
};

}  // namespace

std::vector<std::string> check_history(std::span<Record const> stored, std::uint64_t last_seq,
                                       WallTime start) {
    return Checker(last_seq, start).run(stored);
}

}  // namespace muster::simulation
