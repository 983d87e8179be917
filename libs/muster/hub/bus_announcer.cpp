#include <muster/hub/bus_announcer.hpp>

#include <utility>
#include <variant>
#include <vector>

#include <muster/codec/feed_json.hpp>

namespace muster {
namespace {

bool shows_in_summary(RecordBody const& body) noexcept {
    return std::holds_alternative<Transition>(body) ||
           std::holds_alternative<ServiceChanged>(body) ||
           std::holds_alternative<ServiceRemoved>(body) ||
           std::holds_alternative<ProjectChanged>(body) ||
           std::holds_alternative<ProjectRemoved>(body);
}

std::vector<BusMessage> messages_of(HealthSummary const& summary) {
    auto document = encode_health_summary(summary);
    return {{"hub." + summary.hub_id + ".health.summary", document},
            {"hub.global.health", std::move(document)}};
}

}  // namespace

BusAnnouncer::BusAnnouncer(std::string hub_id, EventBus& bus, ServerAnswers const* server,
                           Lane& lane, Clock const& clock, Timers& timers,
                           UniqueFunction<HealthSummary()> gather, UniqueFunction<void()> changed)
    : hub_id_(std::move(hub_id)),
      bus_(bus),
      server_(server),
      lane_(lane),
      clock_(clock),
      gather_(std::move(gather)),
      changed_(std::move(changed)),
      self_(std::make_shared<BusAnnouncer*>(this)),
      timer_(timers.make([this] { look(); })) {}

BusAnnouncer::~BusAnnouncer() {
    *self_ = nullptr;
}

void BusAnnouncer::start(std::uint64_t epoch) {
    epoch_ = epoch;
    timer_->arm(clock_.now().steady);
}

void BusAnnouncer::stop() {
    timer_->disarm();
}

void BusAnnouncer::learned(RecordBody const& body) {
    stale_ = stale_ || shows_in_summary(body);
    if (auto const* const transition = std::get_if<Transition>(&body)) {
        if (transition->to == HealthStatus::down) {
            not_down_since_.erase(transition->service);
        } else if (transition->from == HealthStatus::down) {
            not_down_since_.insert_or_assign(transition->service, transition->at);
        }
    } else if (auto const* const removed = std::get_if<ServiceRemoved>(&body)) {
        not_down_since_.erase(removed->id);
    }
}

std::optional<WallTime> BusAnnouncer::not_down_since(ServiceId id) const {
    auto const found = not_down_since_.find(id);
    return found == not_down_since_.end() ? std::nullopt : std::optional(found->second);
}

void BusAnnouncer::look() {
    auto const now = clock_.now().steady;
    timer_->arm(now + kLookEvery);
    bool const was_working = condition().working;
    presence_.look(now, answers());
    if (presence_.may_ask(now, reachable_)) {
        bool const due = !summary_at_ || now - *summary_at_ >= kSummaryEvery ||
                         (stale_ && now - *summary_at_ >= kSummaryApart);
        say(due && reachable_);
    }
    stale_ = stale_ || !reachable_;  // whoever listens has missed something
    if (condition().working != was_working) {
        changed_();
    }
}

void BusAnnouncer::say(bool summary) {
    std::shared_ptr<HealthSummary> document;
    auto const now = clock_.now();
    if (summary) {
        document = std::make_shared<HealthSummary>(gather_());
        document->hub_id = hub_id_;
        document->id = hub_id_ + ":summary:" + position_text(Position{epoch_, ++number_});
        document->at = now.wall;
        stale_ = false;
    }
    bool const taken = submit_to(
        lane_,
        [&bus = bus_, hub_id = hub_id_, document] {
            return bus.announce(hub_id,
                                document ? messages_of(*document) : std::vector<BusMessage>());
        },
        [self = self_, summary](Result<void> const& result) {
            if (*self != nullptr) {
                (*self)->answered(result, summary);
            }
        });
    if (taken) {
        presence_.asked(now.steady, answers());
    } else {
        stale_ = stale_ || summary;
    }
}

void BusAnnouncer::answered(Result<void> const& result, bool summary) {
    auto const now = clock_.now().steady;
    bool const was_working = condition().working;
    presence_.answered(now, result);
    if (result && summary) {
        summary_at_ = now;
    }
    stale_ = stale_ || (!result && summary);
    if (condition().working != was_working) {
        changed_();
    }
}

}  // namespace muster
