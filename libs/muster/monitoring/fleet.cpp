#include <muster/monitoring/fleet.hpp>

#include <algorithm>
#include <utility>

#include <muster/monitoring/phase.hpp>
#include <muster/monitoring/unprepared_probe.hpp>

namespace muster {
namespace {

/// The two clocks going apart by this much during a probe: the machine slept, or its clock was set.
constexpr Millis kClocksApart{2'000};
/// What falls due within this after others were started is started together: of ten thousand
/// checks a second each would else wake the loop by itself, and each of their answers again.
constexpr Millis kGathered{2};

std::uint64_t token_of(std::uint32_t slot, std::uint32_t generation) noexcept {
    return (static_cast<std::uint64_t>(generation) << 32U) | slot;
}

std::uint32_t slot_of(std::uint64_t token) noexcept {
    return static_cast<std::uint32_t>(token);
}

double checks_per_second(Service const& service) noexcept {
    return 1000.0 / static_cast<double>(service.spec.policy.interval.count());
}

}  // namespace

std::optional<Transition> transition_of(Service const& service, Judged const& judged) {
    if (!judged.change) {
        return std::nullopt;
    }
    Transition transition;
    transition.service = service.id;
    transition.project = service.spec.project;
    transition.name = service.spec.name;
    transition.from = judged.change->from;
    transition.to = judged.change->to;
    transition.at = judged.result.accepted_at;
    transition.reason = judged.change->reason;
    return transition;
}

Fleet::Fleet(Clock const& clock, Timers& timers, Prober& prober, FleetObserver& observer,
             Scheduler::Limits limits)
    : clock_(clock),
      timers_(timers),
      prober_(prober),
      observer_(observer),
      scheduler_(limits),
      timer_(timers.make([this] { start_due(); })),
      stalls_(clock, timers) {}

Fleet::~Fleet() = default;

std::vector<Error> Fleet::add(std::vector<Member> members) {
    auto const now = clock_.now().steady;
    for (auto const& member : members) {
        steady_rate_ += checks_per_second(*member.service);
    }
    first_checks_.set_steady_rate(steady_rate_);
    std::vector<Error> errors;
    for (auto& member : members) {
        auto const grace_until = now + member.service->spec.policy.grace;
        auto probe = prepare(*member.service);
        bool const prepared = probe.has_value();
        if (!prepared) {
            errors.push_back(probe.error());
            probe = std::make_unique<UnpreparedProbe>(clock_, timers_, probe.error().message);
        }
        auto const id = member.service->id;
        insert(std::move(member), std::move(*probe), grace_until);
        slots_[by_id_.at(id)]->prepared = prepared;
    }
    stalls_.start();
    arm();
    return errors;
}

Result<void> Fleet::accepts(Service const& service) {
    auto probe = prepare(service);
    return probe ? Result<void>{} : tl::unexpected(std::move(probe.error()));
}

Result<void> Fleet::change(SharedService service) {
    auto const found = by_id_.find(service->id);
    if (found == by_id_.end()) {
        return failure(Errc::not_found, "no service " + std::to_string(service->id.value));
    }
    auto const slot = found->second;
    auto& old = *slots_[slot];
    auto const now = clock_.now().steady;
    auto const interval = service->spec.policy.interval;
    if (service->spec.probe == old.service->spec.probe &&
        reuses_connection(service->spec) == old.reuse) {
        steady_rate_ += checks_per_second(*service) - checks_per_second(*old.service);
        first_checks_.set_steady_rate(steady_rate_);
        bool const same_rhythm = interval == old.service->spec.policy.interval;
        scheduler_.set_group(slot, use_group(service->spec.group));
        release_group(old.service->spec.group);
        old.service = std::move(service);
        if (!same_rhythm) {
            scheduler_.move(slot, next_in_phase(now, interval, old.service->identity));
        }
        arm();
        return {};
    }
    auto probe = prepare(*service);
    if (!probe) {
        return tl::unexpected(std::move(probe.error()));
    }
    auto const grace_until = old.grace_until;
    bool const same_target = service->spec.probe == old.service->spec.probe;
    Member member{std::move(service), old.tracker};
    if (!same_target) {
        start_over(member.tracker, member.service->updated_at);
    }
    remove(member.service->id);
    steady_rate_ += checks_per_second(*member.service);
    first_checks_.set_steady_rate(steady_rate_);
    insert(std::move(member), std::move(*probe), grace_until);
    arm();
    return {};
}

Tracker const* Fleet::tracker(ServiceId id) const {
    auto const found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &slots_[found->second]->tracker;
}

void Fleet::remove(ServiceId id) {
    auto const found = by_id_.find(id);
    if (found == by_id_.end()) {
        return;
    }
    auto const slot = found->second;
    steady_rate_ -= checks_per_second(*slots_[slot]->service);
    first_checks_.set_steady_rate(steady_rate_);
    scheduler_.remove(slot);
    release_host(*slots_[slot]);
    release_group(slots_[slot]->service->spec.group);
    by_id_.erase(found);
    slots_[slot].reset();
    free_slots_.push_back(slot);
    arm();
}

void Fleet::set_caps(Scheduler::Limits limits, GroupCaps const& groups) {
    scheduler_.set_limits(limits);
    for (auto const& [name, number] : std::exchange(capped_groups_, {})) {
        if (groups.contains(name)) {
            capped_groups_.emplace(name, number);
        } else {
            scheduler_.set_group_cap(number, Scheduler::kNoCap);
            release_group(name);
        }
    }
    for (auto const& [name, cap] : groups) {
        auto capped = capped_groups_.find(name);
        if (capped == capped_groups_.end()) {
            capped = capped_groups_.emplace(name, use_group(name)).first;
        }
        scheduler_.set_group_cap(capped->second, cap);
    }
    arm();
}

bool Fleet::check_now(ServiceId id, Millis unless_within) {
    auto const found = by_id_.find(id);
    if (found == by_id_.end()) {
        return false;
    }
    auto const now = clock_.now().steady;
    auto& monitored = *slots_[found->second];
    if (monitored.started == SteadyTime{} || now - monitored.started >= unless_within) {
        monitored.placed = true;
        monitored.gave_way = true;  // somebody waits for this one
        scheduler_.move(found->second, now);
        arm();
    }
    return true;
}

std::optional<Fleet::Watched> Fleet::set_overlay(ServiceId id, Overlay overlay, bool on,
                                                 WallTime at) {
    auto const found = by_id_.find(id);
    if (found == by_id_.end()) {
        return std::nullopt;
    }
    auto& monitored = *slots_[found->second];
    muster::set_overlay(monitored.tracker, overlay, on, at);
    return Watched{*monitored.service, monitored.tracker};
}

Fleet::Figures Fleet::figures() const {
    auto figures = figures_;
    figures.stalls = stalls_.count();
    return figures;
}

void Fleet::stop() {
    stopped_ = true;
    timer_->disarm();
    stalls_.stop();
    for (auto const& monitored : slots_) {
        if (monitored) {
            monitored->probe->cancel();
        }
    }
}

void Fleet::lose_sight(WallTime at) {
    for (auto const& monitored : slots_) {
        if (monitored) {
            monitored->tracker.availability.lose_sight(at);
        }
    }
}

Result<std::unique_ptr<Probe>> Fleet::prepare(Service const& service) {
    auto probe = prober_.prepare(service.spec.probe, reuses_connection(service.spec));
    if (!probe) {
        return prefixed(service.spec.project + "/" + service.spec.name, std::move(probe.error()));
    }
    return probe;
}

void Fleet::insert(Member member, std::unique_ptr<Probe> probe, SteadyTime grace_until) {
    Slot slot = 0;
    if (free_slots_.empty()) {
        slot = static_cast<Slot>(slots_.size());
        slots_.emplace_back();
    } else {
        slot = free_slots_.back();
        free_slots_.pop_back();
    }
    auto monitored = std::make_unique<Monitored>();
    monitored->reuse = reuses_connection(member.service->spec);
    monitored->service = std::move(member.service);
    monitored->tracker = std::move(member.tracker);
    monitored->generation = ++generation_;
    monitored->probe = std::move(probe);
    monitored->grace_until = grace_until;
    monitored->host = use_host(monitored->service->spec.probe);
    by_id_.emplace(monitored->service->id, slot);
    scheduler_.add(slot, monitored->host, SteadyTime::max(),
                   use_group(monitored->service->spec.group));
    newcomers_.push_back(token_of(slot, monitored->generation));
    slots_[slot] = std::move(monitored);
}

/// First checks get their times when the loop comes to them, not when the services came: a start
/// may take seconds, and all that had become due in them would come at once.
void Fleet::place_newcomers(SteadyTime now) {
    struct Newcomer {
        SteadyTime in_phase;
        Slot slot{0};
    };
    if (newcomers_.empty()) {
        return;
    }
    std::vector<Newcomer> newcomers;
    newcomers.reserve(newcomers_.size());
    for (auto const token : std::exchange(newcomers_, {})) {
        auto const slot = slot_of(token);
        if (owner(token) != nullptr && !std::exchange(slots_[slot]->placed, true)) {
            auto const& service = *slots_[slot]->service;
            newcomers.push_back(
                {next_in_phase(now, service.spec.policy.interval, service.identity), slot});
        }
    }
    std::stable_sort(
        newcomers.begin(), newcomers.end(),
        [](Newcomer const& left, Newcomer const& right) { return left.in_phase < right.in_phase; });
    for (auto const& newcomer : newcomers) {
        scheduler_.move(newcomer.slot, first_checks_.next(now));
    }
}

/// Null: it was removed meanwhile, or another has its slot.
Fleet::Monitored* Fleet::owner(std::uint64_t token) const noexcept {
    auto const slot = slot_of(token);
    bool const same =
        slot < slots_.size() && slots_[slot] && slots_[slot]->generation == token >> 32U;
    return same ? slots_[slot].get() : nullptr;
}

void Fleet::start_due() {
    armed_at_.reset();
    if (stopped_) {
        return;
    }
    auto const now = clock_.now();
    auto const asked_at = asked_at_;
    stalls_.notice(now.steady);
    place_newcomers(now.steady);
    starts_.clear();
    scheduler_.take_due(now.steady, starts_);
    if (!starts_.empty()) {
        started_last_ = now.steady;
    }
    for (auto const start : starts_) {
        start_one(start, asked_at, now);
    }
    arm();
}

/// `asked_at`: when the loop was asked to come. What waited for a place under a cap before that is
/// not late by the loop's fault.
void Fleet::start_one(Scheduler::Start start, SteadyTime asked_at, Instant now) {
    auto& monitored = *slots_[start.entry];
    figures_.lateness.record(std::chrono::duration_cast<Micros>(now.steady - start.due));
    if (!monitored.first_done && !monitored.gave_way) {
        if (auto const place = first_checks_.start(std::max(start.due, asked_at), now.steady);
            place > now.steady) {
            monitored.gave_way = true;
            scheduler_.finished(start.entry, place);
            return;
        }
    }
    monitored.due = start.due;
    monitored.started = now.steady;
    monitored.started_at = now.wall;
    if (!monitored.prepared) {
        if (auto probe = prepare(*monitored.service)) {
            monitored.probe = std::move(*probe);
            monitored.prepared = true;
        }
    }
    ProbeRun run;
    run.timeout = monitored.service->spec.policy.timeout;
    // After a failure a kept connection could lie: every retry is fresh.
    run.fresh = !monitored.reuse || monitored.tracker.health.failures > 0;
    run.due = start.due;
    monitored.probe->start(run, *this, token_of(start.entry, monitored.generation));
}

void Fleet::probed(std::uint64_t token, Outcome outcome) {
    auto* const known = owner(token);
    if (stopped_ || known == nullptr) {
        return;  // removed meanwhile: a late result is refused
    }
    auto& monitored = *known;
    auto const now = clock_.now();
    ++figures_.checks;
    stalls_.notice(now.steady);
    excuse_own_faults(monitored, outcome, now);
    if (outcome.verdict == Verdict::not_counted) {
        ++figures_.not_counted;
    }
    auto const judged =
        judge(monitored.tracker, monitored.service->id, monitored.service->spec.policy,
              std::move(outcome), monitored.started_at, now.wall,
              monitored.started < monitored.grace_until);
    scheduler_.finished(slot_of(token), next_due(monitored, judged, now.steady));
    monitored.first_done = true;
    observer_.checked(*monitored.service, monitored.tracker, judged);
    arm();
}

/// What is no evidence against the target is changed to an outcome that does not count.
void Fleet::excuse_own_faults(Monitored const& monitored, Outcome& outcome, Instant now) {
    auto const& policy = monitored.service->spec.policy;
    auto const took = now.steady - monitored.started;
    auto const apart = (now.wall - monitored.started_at) - std::chrono::floor<Millis>(took);
    bool const prober_held_up =
        outcome.verdict != Verdict::not_counted && outcome.own_fault == OwnFault::held_up;
    // Stopped, starved or asleep while the probe was under way: neither its failure nor its
    // slowness says anything, and a connection may have died in the meantime.
    bool const held_up = prober_held_up || monitored.started < stalls_.until() ||
                         apart > kClocksApart || apart < -kClocksApart ||
                         took > policy.timeout + kClocksApart;
    bool const poor = outcome.verdict == Verdict::failed ||
                      (passes(outcome) && outcome.response_time >= policy.degraded_above);
    if (held_up && poor) {
        outcome.verdict = Verdict::not_counted;
        outcome.own_fault = OwnFault::held_up;
        outcome.error = "the hub was held up";
    } else if (prober_held_up) {
        outcome.own_fault = OwnFault::none;  // and yet in time: it says what it says
    }
    if (monitored.host != Scheduler::kNoHost) {
        network_.judge(outcome, monitored.host, policy.timeout);
    }
}

SteadyTime Fleet::next_due(Monitored const& monitored, Judged const& judged, SteadyTime now) const {
    auto const interval = monitored.service->spec.policy.interval;
    auto const identity = monitored.service->identity;
    if (judged.retry_in) {
        return now + *judged.retry_in;
    }
    if (!monitored.first_done) {
        return std::max(FirstChecks::second_due(monitored.due, interval, identity),
                        next_in_phase(now, interval, identity));
    }
    // A probe that took longer than the interval skips what it missed.
    return next_in_phase(std::max(now, monitored.due), interval, identity);
}

void Fleet::arm() {
    auto wake = stopped_ ? std::nullopt : scheduler_.next_wake();
    if (wake && *wake > started_last_) {  // else a cap held it back, and it has waited
        wake = std::max(*wake, started_last_ + kGathered);
    }
    if (!stopped_ && !newcomers_.empty()) {
        wake = SteadyTime{};  // on the loop's next turn
    }
    if (wake == armed_at_) {
        return;
    }
    armed_at_ = wake;
    asked_at_ = clock_.now().steady;
    if (wake) {
        timer_->arm(*wake);
    } else {
        timer_->disarm();
    }
}

Scheduler::Host Fleet::use_host(ProbeSpec const& spec) {
    return is_remote(spec) ? hosts_.use(host_of(spec)) : Scheduler::kNoHost;
}

void Fleet::release_host(Monitored const& monitored) {
    if (monitored.host == Scheduler::kNoHost) {
        return;
    }
    if (auto const freed = hosts_.release(host_of(monitored.service->spec.probe)); freed != 0) {
        network_.forget(freed);
    }
}

Scheduler::Group Fleet::use_group(std::string const& group) {
    return group.empty() ? Scheduler::kNoGroup : groups_.use(group);
}

void Fleet::release_group(std::string const& group) {
    if (!group.empty()) {
        groups_.release(group);
    }
}

}  // namespace muster
