#include <muster/memory/simulated_prober.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

constexpr Micros kNever{Micros::max()};

Outcome timed_out(Millis timeout) {
    Outcome outcome;
    outcome.verdict = Verdict::failed;
    outcome.response_time = timeout;
    outcome.error = "timed out after " + std::to_string(timeout.count()) + " ms";
    return outcome;
}

}  // namespace

SimulatedAnswer passing_answer(Micros after) {
    SimulatedAnswer answer{after, {}};
    answer.outcome.verdict = Verdict::passed;
    answer.outcome.http_status = 200;
    return answer;
}

SimulatedAnswer failing_answer(std::string error, Micros after) {
    SimulatedAnswer answer{after, {}};
    answer.outcome.verdict = Verdict::failed;
    answer.outcome.error = std::move(error);
    return answer;
}

SimulatedAnswer silent_answer() {
    return {kNever, {}};
}

class SimulatedProber::SimulatedProbe final : public Probe {
public:
    SimulatedProbe(SimulatedProber& prober, std::string target)
        : prober_(prober),
          target_(std::move(target)),
          timer_(prober.loop_.make([this] { answer(); })) {}
    ~SimulatedProbe() override { SimulatedProbe::cancel(); }
    SimulatedProbe(SimulatedProbe const&) = delete;
    SimulatedProbe& operator=(SimulatedProbe const&) = delete;

    void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) override {
        auto seen = prober_.world_(target_, run);
        if (seen.after > run.timeout) {
            outcome_ = timed_out(run.timeout);
            seen.after = run.timeout;
        } else {
            outcome_ = std::move(seen.outcome);
            outcome_.response_time = seen.after;
        }
        observer_ = &observer;
        token_ = token;
        auto& figures = prober_.figures_;
        ++figures.started;
        figures.most_in_flight = std::max(figures.most_in_flight, ++figures.in_flight);
        timer_->arm(prober_.loop_.now().steady + seen.after);
    }

    void cancel() override {
        if (observer_ != nullptr) {
            observer_ = nullptr;
            --prober_.figures_.in_flight;
            timer_->disarm();
        }
    }

private:
    void answer() {
        auto* const observer = std::exchange(observer_, nullptr);
        --prober_.figures_.in_flight;
        observer->probed(token_, std::move(outcome_));  // may destroy this
    }

    SimulatedProber& prober_;
    std::string const target_;
    Outcome outcome_;
    ProbeObserver* observer_{nullptr};
    std::uint64_t token_{0};
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

SimulatedProber::SimulatedProber(SimulatedLoop& loop, World world)
    : loop_(loop), world_(std::move(world)) {}

SimulatedProber::~SimulatedProber() = default;

Result<std::unique_ptr<Probe>> SimulatedProber::prepare(ProbeSpec const& spec, bool) {
    return std::make_unique<SimulatedProbe>(*this, target_of(spec));
}

namespace {

class SimulatedFetch final : public MetricsFetch {
public:
    SimulatedFetch(Timers& timers, MetricsSource::Done done, Result<MetricsAnswer> answer)
        : done_(std::move(done)), answer_(std::move(answer)), timer_(timers.make([this] {
              auto finished = std::move(done_);
              finished(std::move(answer_));  // may destroy this
          })) {}

    void answer_at(SteadyTime at) { timer_->arm(at); }

private:
    MetricsSource::Done done_;
    Result<MetricsAnswer> answer_;
    std::unique_ptr<Timer> timer_;
};

}  // namespace

SimulatedMetricsSource::SimulatedMetricsSource(SimulatedLoop& loop, World world, Micros latency)
    : loop_(loop), world_(std::move(world)), latency_(latency) {}

std::unique_ptr<MetricsFetch> SimulatedMetricsSource::fetch(Request const& request, Done done) {
    auto answer = latency_ > request.timeout
                      ? Result<MetricsAnswer>(failure(Errc::timed_out, "timed out"))
                      : world_(request.url);
    auto fetch = std::make_unique<SimulatedFetch>(loop_, std::move(done), std::move(answer));
    fetch->answer_at(loop_.now().steady + std::min<Micros>(latency_, request.timeout));
    return fetch;
}

}  // namespace muster
