#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/tracker.hpp>
#include <muster/domain/transition.hpp>
#include <muster/monitoring/first_checks.hpp>
#include <muster/monitoring/network_watch.hpp>
#include <muster/monitoring/numbered_names.hpp>
#include <muster/monitoring/scheduler.hpp>
#include <muster/monitoring/stall_watch.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/timers.hpp>
#include <muster/stats/histogram.hpp>

namespace muster {

/// Told of each result that a fleet judged. Must not throw; may set overlays and ask for checks,
/// but not add, change or remove services.
class FleetObserver {
public:
    virtual ~FleetObserver() = default;

    virtual void checked(Service const& service, Tracker const& tracker, Judged const& judged) = 0;
};

/// The change of status that a result made, as it is told: `describe()` says it in a sentence.
/// Nothing: the status stayed. `reason.root` is empty: a fleet knows no dependencies.
[[nodiscard]] std::optional<Transition> transition_of(Service const& service, Judged const& judged);

/// The services of a hub: has each probed in its own rhythm and judges what it hears. Everything
/// runs on the loop of the timers and the prober that it is given; nothing blocks and nothing waits
/// for whoever observes. Whether the prober does its work there or on shards is not the fleet's to
/// know.
class Fleet final : private ProbeObserver {
public:
    struct Figures {
        std::uint64_t checks{0};       ///< Results taken, those that do not count included.
        std::uint64_t not_counted{0};  ///< Results that were our own failure.
        std::uint64_t stalls{0};       ///< Times the loop stood still: stopped, or starved.
        DurationHistogram lateness;    ///< From due to started, or to handed to a shard.
    };

    using GroupCaps = std::map<std::string, std::uint32_t, std::less<>>;

    /// All references must outlive the fleet.
    Fleet(Clock const& clock, Timers& timers, Prober& prober, FleetObserver& observer,
          Scheduler::Limits limits);
    ~Fleet() override;
    Fleet(Fleet const&) = delete;
    Fleet& operator=(Fleet const&) = delete;

    struct Member {
        SharedService service;
        Tracker tracker;
    };

    /// Adds services and paces their first checks. Of those that cannot be probed now gives the
    /// errors: they are watched too, their checks do not count, and each tries again.
    [[nodiscard]] std::vector<Error> add(std::vector<Member> members);

    /// Whether a service can be probed. Errors (invalid, unsupported) name it.
    [[nodiscard]] Result<void> accepts(Service const& service);

    /// Takes over a changed service. One that is probed in the same way keeps its past, its probe,
    /// connection and check under way, and its time unless the interval is another; else the check
    /// under way is ended, its result refused, a first check follows as for a new one, and of its
    /// past that stays which start_over() leaves.
    /// Errors as accepts(); not_found.
    [[nodiscard]] Result<void> change(SharedService service);

    /// A probe under way is ended and its result refused.
    void remove(ServiceId id);

    /// Null: unknown. Valid until the next change of the fleet.
    [[nodiscard]] Tracker const* tracker(ServiceId id) const;

    /// Other caps from now on, of the whole fleet, per host, and of groups by their names; a group
    /// that is not named has none. What runs beyond them goes on to its end.
    void set_caps(Scheduler::Limits limits, GroupCaps const& groups);

    /// Checks a service as soon as the caps allow; its regular times stay as they are. Nothing
    /// happens while a check of it is under way or waiting for its turn, nor if its last check
    /// started less than `unless_within` ago. False: no such service.
    bool check_now(ServiceId id, Millis unless_within = Millis(0));

    /// An overlay of a service comes or goes; gives it as it is then; nothing: no such service.
    struct Watched {
        Service const& service;
        Tracker const& tracker;
    };
    std::optional<Watched> set_overlay(ServiceId id, Overlay overlay, bool on, WallTime at);

    /// Ends all probes under way and starts no more.
    void stop();

    /// Nothing is looked at any more from `at` on: see Availability.
    void lose_sight(WallTime at);

    [[nodiscard]] std::size_t size() const noexcept { return by_id_.size(); }
    [[nodiscard]] Figures figures() const;
    [[nodiscard]] std::uint32_t in_flight() const noexcept { return scheduler_.running(); }
    /// Names of hosts and groups that it keeps: of the services that there are, and of caps.
    [[nodiscard]] std::size_t names() const noexcept { return hosts_.size() + groups_.size(); }
    /// Due, and held back by the cap of their host.
    [[nodiscard]] std::size_t held_back() const noexcept { return scheduler_.held_back(); }

    /// Visits every service with its tracker, in no particular order.
    template <class Visit>
    void each(Visit visit) const {
        for (auto const& [id, slot] : by_id_) {
            visit(*slots_[slot]->service, slots_[slot]->tracker);
        }
    }

private:
    using Slot = std::uint32_t;

    struct Monitored {
        SharedService service;
        Tracker tracker;
        bool reuse{false};
        bool placed{false};    ///< The first check has its time.
        bool gave_way{false};  ///< The first check came too late for its time, once.
        bool first_done{false};
        bool prepared{true};          ///< False: `probe` is a stand-in.
        std::uint32_t generation{0};  ///< Tells results of an earlier owner of the slot apart.
        SteadyTime due{};
        SteadyTime started{};
        SteadyTime grace_until{};
        Scheduler::Host host{Scheduler::kNoHost};
        WallTime started_at{};
        std::unique_ptr<Probe> probe;  // last: its run ends before anything it could reach
    };

    void probed(std::uint64_t token, Outcome outcome) override;
    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(Service const& service);
    void insert(Member member, std::unique_ptr<Probe> probe, SteadyTime grace_until);
    void place_newcomers(SteadyTime now);
    [[nodiscard]] Monitored* owner(std::uint64_t token) const noexcept;
    void start_due();
    void start_one(Scheduler::Start start, SteadyTime asked_at, Instant now);
    [[nodiscard]] SteadyTime next_due(Monitored const& monitored, Judged const& judged,
                                      SteadyTime now) const;
    void arm();
    void excuse_own_faults(Monitored const& monitored, Outcome& outcome, Instant now);
    [[nodiscard]] Scheduler::Host use_host(ProbeSpec const& spec);
    void release_host(Monitored const& monitored);
    [[nodiscard]] Scheduler::Group use_group(std::string const& group);
    void release_group(std::string const& group);

    Clock const& clock_;
    Timers& timers_;
    Prober& prober_;
    FleetObserver& observer_;
    Scheduler scheduler_;
    FirstChecks first_checks_;
    Figures figures_;
    double steady_rate_{0};
    std::uint32_t generation_{0};
    bool stopped_{false};
    NetworkWatch network_;
    NumberedNames hosts_;   // of services' targets, but for loopback
    NumberedNames groups_;  // of services, and those that have a cap
    std::map<std::string, Scheduler::Group, std::less<>> capped_groups_;
    std::unordered_map<ServiceId, Slot> by_id_;
    std::vector<Slot> free_slots_;
    std::vector<std::uint64_t> newcomers_;  ///< Tokens of those to be placed.
    std::vector<Scheduler::Start> starts_;  ///< Kept for its memory.
    std::vector<std::unique_ptr<Monitored>> slots_;
    SteadyTime started_last_{SteadyTime::min()};
    std::optional<SteadyTime> armed_at_;
    SteadyTime asked_at_{};         ///< When the timer was armed so.
    std::unique_ptr<Timer> timer_;  // last: they call back
    StallWatch stalls_;
};

}  // namespace muster
