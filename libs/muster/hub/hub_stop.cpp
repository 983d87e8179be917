#include <muster/hub/hub_impl.hpp>

#include <memory>
#include <utility>

namespace muster {

void Hub::Impl::stop(SteadyTime deadline, UniqueFunction<void()> done) {
    fleet.stop();
    awaited.end({Errc::unavailable, "the hub is stopping"});  // answered by the commit below
    collector.stop();
    checkpointer.stop();
    history.stop();
    overlays.stop();
    alive_timer->disarm();
    if (announcer) {
        announcer->stop();
    }
    if (store_watch) {
        store_watch->stop();
    }
    stopping = true;
    auto const stopped_at = ports.clock.now().wall;
    fleet.lose_sight(stopped_at);  // the last checkpoint lies behind the record that tells it
    learned(HubStopped{stopped_at});
    commit();
    show();
    auto finish = std::make_shared<UniqueFunction<void()>>(std::move(done));
    // Both followers of the store at once: they share its lane, and a stop has little time.
    auto drained = [this, finish, left = std::make_shared<int>(2)] {
        if (--*left > 0) {
            return;
        }
        store_follower.stop();
        rollup_follower.stop();
        bus_follower.stop();
        checkpointer.save([this, finish] {
            for (auto* timer : {commit_timer.get(), show_timer.get(), look_timer.get()}) {
                timer->disarm();
            }
            (*finish)();
        });
    };
    recorder.flush_and_sync([this, deadline, drained = std::move(drained)]() mutable {
        auto const durable = ports.journal.state().durable_seq;
        store_follower.wrote(durable);
        rollup_follower.wrote(durable);
        store_follower.drain(drained, deadline);
        rollup_follower.drain(drained, deadline);
    });
}

}  // namespace muster
