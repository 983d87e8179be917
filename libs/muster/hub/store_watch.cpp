#include <muster/hub/store_watch.hpp>

#include <utility>

namespace muster {

StoreWatch::StoreWatch(std::string hub_id, ResultStore& store, ServerAnswers const& server,
                       Lane& lane, Clock const& clock, Timers& timers,
                       UniqueFunction<void()> changed)
    : hub_id_(std::move(hub_id)),
      store_(store),
      server_(server),
      lane_(lane),
      clock_(clock),
      changed_(std::move(changed)),
      self_(std::make_shared<StoreWatch*>(this)),
      timer_(timers.make([this] { look(); })) {}

StoreWatch::~StoreWatch() {
    *self_ = nullptr;
}

void StoreWatch::start() {
    timer_->arm(clock_.now().steady);
}

void StoreWatch::stop() {
    timer_->disarm();
}

void StoreWatch::look() {
    auto const now = clock_.now().steady;
    timer_->arm(now + kLookEvery);
    bool const was_working = condition().working;
    presence_.look(now, server_.answers());
    if (presence_.may_ask(now, reachable_)) {
        bool const taken = submit_to(
            lane_,
            [&store = store_, hub_id = hub_id_]() -> Result<void> {
                auto const cursor = store.cursor(hub_id);
                return cursor ? Result<void>() : tl::unexpected(cursor.error());
            },
            [self = self_](Result<void> const& answer) {
                if (*self != nullptr) {
                    (*self)->answered(answer);
                }
            });
        if (taken) {
            presence_.asked(now, server_.answers());
        }
    }
    if (condition().working != was_working) {
        changed_();
    }
}

void StoreWatch::answered(Result<void> const& answer) {
    bool const was_working = condition().working;
    presence_.answered(clock_.now().steady, answer);
    if (condition().working != was_working) {
        changed_();
    }
}

}  // namespace muster
