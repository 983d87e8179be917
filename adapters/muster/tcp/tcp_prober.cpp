#include <muster/tcp/tcp_prober.hpp>

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include <muster/tcp/tcp_dial.hpp>

namespace muster {

struct TcpProber::Impl {
    Impl(Loop& loop, Clock const& clock, Resolver& resolver)
        : deadlines(loop, clock),
          streams(loop.context()),
          transport{clock, deadlines, resolver, streams} {}

    DeadlineWheel deadlines;
    TcpStreamPool streams;
    TcpTransport transport;
    std::size_t probes{0};
};

namespace {

class TcpProbe final : public Probe, private TcpDialObserver, private DeadlineWheel::Entry {
public:
    TcpProbe(TcpTransport& transport, std::size_t& count, TcpProbeSpec const& spec)
        : transport_(transport),
          count_(count),
          destination_(make_destination(spec.endpoint.host, spec.endpoint.port, spec.ip)),
          dial_(transport, *this) {
        ++count_;
    }
    ~TcpProbe() override { --count_; }
    TcpProbe(TcpProbe const&) = delete;
    TcpProbe& operator=(TcpProbe const&) = delete;

    void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) override {
        assert(observer_ == nullptr && "one run at a time");
        observer_ = &observer;
        token_ = token;
        timeout_ = run.timeout;
        started_ = transport_.clock.now().steady;
        transport_.deadlines.arm(*this, started_ + timeout_);
        dial_.start(destination_, started_, started_ + timeout_);
    }

    void cancel() override {
        observer_ = nullptr;
        transport_.deadlines.disarm(*this);
        dial_.cancel();
    }

private:
    void dialed(TcpStreamPtr stream) override {
        stream->close();
        transport_.streams.give_back(std::move(stream));
        Outcome outcome;
        outcome.verdict = Verdict::passed;
        finish(std::move(outcome));
    }

    void dial_failed(Failure failure) override {
        Outcome outcome;
        put_failure(outcome, failure);
        finish(std::move(outcome));
    }

    void deadline_passed() override {
        Outcome outcome;
        auto const failure =
            dial_.resolving() ? resolver_timeout_failure(timeout_) : timeout_failure(timeout_);
        put_failure(outcome, failure);
        outcome.note = std::string("while ").append(dial_.stage());
        dial_.cancel();
        finish(std::move(outcome));
    }

    /// The observer may destroy the probe: nothing is touched after it was told.
    void finish(Outcome outcome) {
        transport_.deadlines.disarm(*this);
        outcome.response_time =
            std::chrono::duration_cast<Micros>(transport_.clock.now().steady - started_);
        outcome.phases.dns = dial_.dns_time();
        outcome.phases.connect = dial_.connect_time();
        if (auto const age = dial_.stale_age()) {
            outcome.note.append(outcome.note.empty() ? "" : "; ").append(stale_name_note(*age));
        }
        auto* const observer = std::exchange(observer_, nullptr);
        observer->probed(token_, std::move(outcome));
    }

    TcpTransport& transport_;
    std::size_t& count_;
    Destination const destination_;
    ProbeObserver* observer_{nullptr};
    std::uint64_t token_{0};
    Millis timeout_{0};
    SteadyTime started_{};
    TcpDial dial_;  // last: it calls back
};

}  // namespace

TcpProber::TcpProber(Loop& loop, Clock const& clock, Resolver& resolver)
    : impl_(std::make_unique<Impl>(loop, clock, resolver)) {}

TcpProber::~TcpProber() {
    assert(impl_->probes == 0 && "probes must not outlive their prober");
}

Result<std::unique_ptr<Probe>> TcpProber::prepare(ProbeSpec const& spec, bool /*reuse*/) {
    auto const* const tcp = std::get_if<TcpProbeSpec>(&spec);
    if (tcp == nullptr) {
        return failure(Errc::unsupported,
                       std::string("probe kind not built: ").append(kind_of(spec)));
    }
    if (tcp->endpoint.host.empty() || tcp->endpoint.port == 0) {
        return failure(Errc::invalid, "a tcp probe needs a host and a port from 1 to 65535");
    }
    if (auto fits = check_family(tcp->endpoint.host, tcp->ip); !fits) {
        return tl::unexpected(std::move(fits.error()));
    }
    return std::make_unique<TcpProbe>(impl_->transport, impl_->probes, *tcp);
}

}  // namespace muster
