#include <cli/check/check_round.hpp>

#include <utility>

namespace muster {
namespace {

Outcome not_checked(std::string why) {
    Outcome outcome;
    outcome.verdict = Verdict::not_counted;
    outcome.error = std::move(why);
    return outcome;
}

}  // namespace

CheckRound::CheckRound(std::vector<ServiceSpec> const& services, Prober& prober, Clock const& clock,
                       std::size_t in_flight, Done done)
    : services_(services),
      prober_(prober),
      clock_(clock),
      in_flight_limit_(in_flight),
      done_(std::move(done)),
      probes_(services.size()) {
    results_.reserve(services.size());
    for (auto const& service : services) {
        results_.push_back({&service, HealthStatus::unknown, clock.now().wall,
                            not_checked("not checked: interrupted")});
    }
}

CheckRound::~CheckRound() = default;

void CheckRound::start() {
    start_more();
}

void CheckRound::start_more() {
    while (next_ < services_.size() && in_flight_ < in_flight_limit_) {
        start_one(next_++);
    }
}

void CheckRound::start_one(std::size_t index) {
    auto const& service = services_[index];
    results_[index].started_at = clock_.now().wall;
    auto probe = prober_.prepare(service.probe, false);
    if (!probe) {
        take(index, not_checked(probe.error().message));
        return;
    }
    probes_[index] = std::move(*probe);
    ++in_flight_;
    probes_[index]->start(ProbeRun{service.policy.timeout, true}, *this, index);
}

void CheckRound::probed(std::uint64_t token, Outcome outcome) {
    auto const index = static_cast<std::size_t>(token);
    probes_[index].reset();
    --in_flight_;
    take(index, std::move(outcome));
    start_more();
    if (in_flight_ == 0) {
        done_();
    }
}

void CheckRound::take(std::size_t index, Outcome outcome) {
    auto& result = results_[index];
    result.status = status_by_itself(outcome, services_[index].policy);
    result.outcome = std::move(outcome);
}

}  // namespace muster
