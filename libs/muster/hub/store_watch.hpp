#pragma once

#include <memory>
#include <string>

#include <muster/base/unique_function.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/hub/presence.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/server_answers.hpp>
#include <muster/ports/store.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Asks a store that is a server whether it is there, so that one that goes away, or says nothing,
/// is noticed where there is nothing to write, and its return where the followers still wait. Its
/// questions go by the lane of those who write: what holds them up is told. Loop thread only.
class StoreWatch {
public:
    static constexpr Millis kLookEvery{250};

    /// `changed` is called when the store has come or gone. The others must outlive it, and every
    /// job that it has put on the lane.
    StoreWatch(std::string hub_id, ResultStore& store, ServerAnswers const& server, Lane& lane,
               Clock const& clock, Timers& timers, UniqueFunction<void()> changed);
    ~StoreWatch();
    StoreWatch(StoreWatch const&) = delete;
    StoreWatch& operator=(StoreWatch const&) = delete;

    void start();
    void stop();

    /// Whether others find the store working.
    void set_reachable(bool reachable) noexcept { reachable_ = reachable; }

    [[nodiscard]] HubCondition::Part const& condition() const noexcept {
        return presence_.condition();
    }

private:
    void look();
    void answered(Result<void> const& answer);

    std::string const hub_id_;
    ResultStore& store_;
    ServerAnswers const& server_;
    Lane& lane_;
    Clock const& clock_;
    UniqueFunction<void()> changed_;
    Presence presence_;
    bool reachable_{true};
    std::shared_ptr<StoreWatch*> const self_;  ///< Null once this is gone: answers come late.
    std::unique_ptr<Timer> timer_;             // last: it calls back
};

}  // namespace muster
