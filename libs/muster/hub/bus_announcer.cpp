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

BusAnnouncer::BusAnnouncer(std::string hub_id, EventBus& bus, Lane& lane, Clock const& clock,
                           Timers& timers, UniqueFunction<HealthSummary()> gather)
    : hub_id_(std::move(hub_id)),
      bus_(bus),
      lane_(lane),
      clock_(clock),
      gather_(std::move(gather)),
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
    changed_ = changed_ || shows_in_summary(body);
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
    if (asked_at_) {
        if (now - *asked_at_ >= kPatience) {
            judge("has not answered for " +
                  format_duration(std::chrono::duration_cast<Millis>(kPatience)));
        }
        return;
    }
    if (!reachable_) {
        changed_ = true;  // whoever listens has missed something
        return;
    }
    bool const due = !summary_at_ || now - *summary_at_ >= kSummaryEvery ||
                     (changed_ && now - *summary_at_ >= kSummaryApart);
    say(due);
}

void BusAnnouncer::say(bool summary) {
    std::shared_ptr<HealthSummary> document;
    auto const now = clock_.now();
    if (summary) {
        document = std::make_shared<HealthSummary>(gather_());
        document->hub_id = hub_id_;
        document->id = hub_id_ + ":summary:" + position_text(Position{epoch_, ++number_});
        document->at = now.wall;
        changed_ = false;
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
        asked_at_ = now.steady;
    } else {
        changed_ = changed_ || summary;
    }
}

void BusAnnouncer::answered(Result<void> const& result, bool summary) {
    asked_at_.reset();
    if (result) {
        if (summary) {
            summary_at_ = clock_.now().steady;
        }
        judge({});
        return;
    }
    changed_ = changed_ || summary;
    // Of a cursor or lease that moved the next call learns what is the case.
    if (result.error().code != Errc::conflict) {
        judge(result.error().message);
    }
}

/// Empty: there is none.
void BusAnnouncer::judge(std::string problem) {
    bool const working = problem.empty();
    if (working != condition_.working) {
        condition_.since = working ? std::nullopt : std::optional(clock_.now().steady);
    }
    condition_.working = working;
    condition_.problem = std::move(problem);
}

}  // namespace muster
