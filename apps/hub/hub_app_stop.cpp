#include <hub/hub_app_impl.hpp>

#include <cstdlib>
#include <future>
#include <utility>

#include <hub/settings.hpp>

namespace muster {
namespace {

constexpr Millis kStopWithin{10'000};
constexpr Millis kDrainWithin{5'000};
constexpr Millis kAnswerWithin{1'000};  // of what store and bus were asked before
constexpr Millis kAnswerLooks{20};      // how often that is looked at
constexpr Millis kEdgeDrainWithin{2'000};

}  // namespace

/// Half a monitor is worse than none. What is known lies in the journal already. Any thread.
void HubApp::Impl::give_up(std::string const& error) {
    log.write(LogLevel::error, "hub", error);
    std::_Exit(kExitFailed);
}

/// Another hub of this id writes to the database, or its owner is a newer program: here nobody
/// shall watch in its place. Any thread.
void HubApp::Impl::refuse(std::string error) {
    loop.post([this, error = std::move(error)] {
        log.write(LogLevel::error, "store", error);
        if (steps && !steps->stopping()) {
            exit_code = kExitFailed;
            begin_stop();
        }
    });
}

void HubApp::Impl::begin_stop() {
    if (!steps || steps->stopping()) {
        return;
    }
    log.write(LogLevel::info, "hub", "stopping");
    tell_supervisor(supervisor->stopping());
    steps->stop(kStopWithin, [this](bool ended_in_time) {
        if (!ended_in_time) {
            // A lane that hangs in a system call cannot be waited for. What was written is
            // safe.
            log.write(LogLevel::error, "hub", "did not stop in time, ending at once");
            std::_Exit(kExitFailed);
        }
        // Later: what is destroyed there has called us.
        loop.post([this] {
            edge->commands().connect(nullptr);
            if (hub->unanswered() > 0 || still_reading) {
                log.write(LogLevel::warn, "hub",
                          "stopped without an answer from store or bus: they get the rest at the "
                          "next start");
                std::_Exit(exit_code);
            }
            answers_timer.reset();
            hub.reset();
            signals.reset();
            steps.reset();
            supervisor.reset();
            loop.finish();
        });
    });
}

/// Last in, first out: the hub stops while the edge still answers. What hangs is found by the
/// steps: threads that are joined afterwards must not.
void HubApp::Impl::add_stop_steps() {
    steps.emplace(clock, loop, log);
    steps->add("shards",
               [this](UniqueFunction<void()> ended) { hub->reach_shards(std::move(ended)); });
    steps->add("readers", [this](UniqueFunction<void()> ended) {
        if (reading) {
            reading->interrupt();
        }
        wait_for_readers(clock.now().steady + kAnswerWithin, std::move(ended));
    });
    steps->add("edge", [this](UniqueFunction<void()> ended) {
        edge->server().stop(kEdgeDrainWithin, [this, ended = std::move(ended)]() mutable {
            // From the edge's loop to ours.
            loop.post([this, ended = std::move(ended)]() mutable {
                edge_stopped = true;
                ended();
            });
        });
    });
    steps->add("store and bus", [this](UniqueFunction<void()> ended) {
        wait_for_answers(clock.now().steady + kAnswerWithin, std::move(ended));
    });
    steps->add("hub", [this](UniqueFunction<void()> ended) {
        // Who is refused has nobody to hand what is left to; it lies in the journal.
        auto const drain = exit_code == 0 ? kDrainWithin : Millis(0);
        hub->hub().stop(clock.now().steady + drain, [this, ended = std::move(ended)]() mutable {
            if (writing) {
                writing->interrupt();  // lanes are waited for
            }
            ended();
        });
    });
}

/// A lane that hangs in a system call can neither be ended nor waited for; what it was to store or
/// to publish lies in the journal.
void HubApp::Impl::wait_for_answers(SteadyTime until, UniqueFunction<void()> ended) {
    answers_timer = loop.make([this, until, ended = std::move(ended)]() mutable {
        auto const now = clock.now().steady;
        if (hub->unanswered() > 0 && now < until) {
            answers_timer->arm(now + kAnswerLooks);
        } else {
            ended();
        }
    });
    answers_timer->arm(clock.now().steady);
}

/// The same of those who read the history for clients that are gone.
void HubApp::Impl::wait_for_readers(SteadyTime until, UniqueFunction<void()> ended) {
    auto const told = std::make_shared<UniqueFunction<void()>>(std::move(ended));
    answers_timer = loop.make([this, until, told] {
        edge_thread->loop().post([this, until, told] {
            loop.post([this, until, told, busy = edge->reading()] {
                auto const now = clock.now().steady;
                still_reading = busy;
                if (busy && now < until) {
                    answers_timer->arm(now + kAnswerLooks);
                } else {
                    (*told)();
                }
            });
        });
    });
    answers_timer->arm(clock.now().steady);
}

/// Clients that came while the start failed are sent away; after a proper stop nobody is there.
void HubApp::Impl::stop_edge() {
    if (edge_stopped) {
        return;
    }
    std::promise<void> stopped;
    edge->server().stop(Millis(0), [&stopped] { stopped.set_value(); });
    stopped.get_future().wait();
    edge_stopped = true;
}

/// The edge's things end on the edge's loop, then the loop and its thread.
void HubApp::Impl::end_edge() {
    hub.reset();
    broadcaster.reset();
    if (edge) {
        stop_edge();
        std::promise<void> gone;
        edge_thread->loop().post([this, &gone] {
            edge.reset();
            gone.set_value();
        });
        gone.get_future().wait();
    }
    edge_thread.reset();
}

}  // namespace muster
