#include <muster/hub/hub_impl.hpp>

#include <utility>

namespace muster {

/// Everything that the hub learns goes this way: to the journal first, to be shown afterwards.
void Hub::Impl::learned(RecordBody const& body) {
    recorder.record(body);
    if (announcer) {
        announcer->learned(body);
    }
    commit_soon();
}

void Hub::Impl::commit_soon() {
    if (!commit_armed) {
        commit_armed = true;
        commit_timer->arm(ports.clock.now().steady + options.write_within);
    }
}

void Hub::Impl::commit() {
    commit_armed = false;
    commit_timer->disarm();
    recorder.commit();
    awaited.answer();
    if (view.urgent() || show_due) {
        show();
    } else if (view.changed() && !show_armed) {
        show_armed = true;
        show_timer->arm(ports.clock.now().steady + options.show_within);
    }
}

void Hub::Impl::show() {
    show_armed = false;
    show_due = false;
    show_timer->disarm();
    if (view.changed() || changes.changed()) {
        auto delta = view.take(epoch, recorder.last().seq);
        changes.describe(delta);
        ports.broadcaster.publish(std::move(delta));
    }
}

}  // namespace muster
