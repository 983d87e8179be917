#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <muster/base/unique_function.hpp>
#include <muster/codec/bus_json.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/record.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/event_bus.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Tells the bus how the whole hub is: the health summary, every 10 s and within 1 s of a change.
/// In between it asks whether the bus is there, so that one which says nothing is noticed where
/// there is nothing to publish. Loop thread only.
class BusAnnouncer {
public:
    static constexpr Millis kLookEvery{250};
    static constexpr Millis kSummaryEvery{10'000};
    static constexpr Millis kSummaryApart{500};  ///< Two of them, where much changes.
    static constexpr Millis kPatience{750};      ///< With a call before it is told as a problem.

    /// `gather`: projects and members as they are, for the summary. The others must outlive it, and
    /// every job that it has put on the lane.
    BusAnnouncer(std::string hub_id, EventBus& bus, Lane& lane, Clock const& clock, Timers& timers,
                 UniqueFunction<HealthSummary()> gather);
    ~BusAnnouncer();
    BusAnnouncer(BusAnnouncer const&) = delete;
    BusAnnouncer& operator=(BusAnnouncer const&) = delete;

    /// `epoch`: of this life of the hub, for the documents' ids.
    void start(std::uint64_t epoch);
    void stop();

    /// The hub has learned something; what it changes is gathered when its time comes.
    void learned(RecordBody const& body);

    /// Whether others find the bus working; while they do not, nothing is said.
    void set_reachable(bool reachable) noexcept { reachable_ = reachable; }

    [[nodiscard]] HubCondition::Part const& condition() const noexcept { return condition_; }

    /// Since when a service is not down, where it was seen to be.
    [[nodiscard]] std::optional<WallTime> not_down_since(ServiceId id) const;

private:
    void look();
    void say(bool summary);
    void answered(Result<void> const& result, bool summary);
    void judge(std::string problem);

    std::string const hub_id_;
    EventBus& bus_;
    Lane& lane_;
    Clock const& clock_;
    UniqueFunction<HealthSummary()> gather_;
    HubCondition::Part condition_;
    std::map<ServiceId, WallTime> not_down_since_;
    std::uint64_t epoch_{0};
    std::uint64_t number_{0};
    bool reachable_{true};
    bool changed_{true};
    std::optional<SteadyTime> summary_at_;       ///< Of the last one that was sent.
    std::optional<SteadyTime> asked_at_;         ///< Of a call under way.
    std::shared_ptr<BusAnnouncer*> const self_;  ///< Null once this is gone: answers come late.
    std::unique_ptr<Timer> timer_;               // last: it calls back
};

}  // namespace muster
