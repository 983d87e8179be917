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
#include <muster/hub/presence.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/event_bus.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/server_answers.hpp>
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

    /// `gather`: projects and members as they are, for the summary. `changed` is called when the
    /// bus has come or gone. The others must outlive it, and every job that it has put on the lane.
    /// `server` may be null: what a call is getting on with is not known then.
    BusAnnouncer(std::string hub_id, EventBus& bus, ServerAnswers const* server, Lane& lane,
                 Clock const& clock, Timers& timers, UniqueFunction<HealthSummary()> gather,
                 UniqueFunction<void()> changed);
    ~BusAnnouncer();
    BusAnnouncer(BusAnnouncer const&) = delete;
    BusAnnouncer& operator=(BusAnnouncer const&) = delete;

    /// `epoch`: of this life of the hub, for the documents' ids.
    void start(std::uint64_t epoch);
    void stop();

    /// The hub has learned something; what it changes is gathered when its time comes.
    void learned(RecordBody const& body);

    /// Whether others find the bus working; while they do not, it is only asked whether it is
    /// there.
    void set_reachable(bool reachable) noexcept { reachable_ = reachable; }

    [[nodiscard]] HubCondition::Part const& condition() const noexcept {
        return presence_.condition();
    }

    /// Since when a service is not down, where it was seen to be.
    [[nodiscard]] std::optional<WallTime> not_down_since(ServiceId id) const;

private:
    void look();
    void say(bool summary);
    void answered(Result<void> const& result, bool summary);
    [[nodiscard]] std::uint64_t answers() const { return server_ ? server_->answers() : 0; }

    std::string const hub_id_;
    EventBus& bus_;
    ServerAnswers const* const server_;
    Lane& lane_;
    Clock const& clock_;
    UniqueFunction<HealthSummary()> gather_;
    UniqueFunction<void()> changed_;
    Presence presence_;
    std::map<ServiceId, WallTime> not_down_since_;
    std::uint64_t epoch_{0};
    std::uint64_t number_{0};
    bool reachable_{true};
    bool stale_{true};                      ///< The last summary no longer says how things are.
    std::optional<SteadyTime> summary_at_;  ///< Of the last one that was sent.
    std::shared_ptr<BusAnnouncer*> const self_;  ///< Null once this is gone: answers come late.
    std::unique_ptr<Timer> timer_;               // last: it calls back
};

}  // namespace muster
