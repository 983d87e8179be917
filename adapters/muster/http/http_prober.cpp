#include <muster/http/http_prober.hpp>

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <muster/codec/health_body.hpp>
#include <muster/http/http_client.hpp>

namespace muster {
namespace {

bool looks_like_json_object(std::string_view body) {
    auto const start = body.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && body[start] == '{';
}

/// A body that claims to be JSON, or looks like it, has a say. What cannot be read has none, which
/// is worth a note only where it claimed to be.
void judge_body(HttpAnswer const& answer, Outcome& outcome) {
    if (!answer.head.is_json && !looks_like_json_object(answer.body)) {
        return;
    }
    if (answer.body_is_cut) {
        outcome.note = "body is too long to read";
        return;
    }
    auto opinion = judge_health_body(answer.body);
    outcome.word = opinion.word;
    if (answer.head.is_json) {
        outcome.note = std::move(opinion.note);
    }
    if (outcome.word == BodyWord::down) {
        outcome.verdict = Verdict::failed;
        outcome.error = "body says down";
    }
}

class HttpProbe final : public Probe, private HttpExchangeObserver {
public:
    HttpProbe(HttpClient& client, std::size_t& count, HttpRequest request)
        : client_(client), count_(count), request_(std::move(request)) {
        ++count_;
    }
    ~HttpProbe() override {
        HttpProbe::cancel();
        --count_;
    }
    HttpProbe(HttpProbe const&) = delete;
    HttpProbe& operator=(HttpProbe const&) = delete;

    void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) override {
        assert(exchange_ == nullptr && "one run at a time");
        observer_ = &observer;
        token_ = token;
        exchange_ = client_.start(request_, run.timeout, run.fresh || !request_.keep, *this);
    }

    void cancel() override {
        if (exchange_ != nullptr) {
            std::exchange(exchange_, nullptr)->cancel();
        }
    }

private:
    /// The observer may destroy the probe: nothing is touched after it was told.
    void exchanged(HttpAnswer const& answer) override {
        exchange_ = nullptr;
        observer_->probed(token_, judge_answer(answer));
    }

    HttpClient& client_;
    std::size_t& count_;
    HttpRequest const request_;
    ProbeObserver* observer_{nullptr};
    std::uint64_t token_{0};
    HttpExchange* exchange_{nullptr};  // last: it calls back
};

}  // namespace

HttpProber::~HttpProber() {
    assert(probes_ == 0 && "probes must not outlive their prober");
}

Result<std::unique_ptr<Probe>> HttpProber::prepare(ProbeSpec const& spec, bool reuse) {
    auto const* const http = std::get_if<HttpProbeSpec>(&spec);
    if (http == nullptr) {
        return failure(Errc::unsupported,
                       std::string("probe kind not built: ").append(kind_of(spec)));
    }
    auto request = client_.prepare(http->url, {.keep = reuse, .tls = http->tls});
    if (!request) {
        return tl::unexpected(std::move(request.error()));
    }
    return std::make_unique<HttpProbe>(client_, probes_, std::move(*request));
}

Outcome judge_answer(HttpAnswer const& answer) {
    Outcome outcome;
    outcome.connection = answer.connection;
    outcome.http_status = answer.head.status;
    outcome.response_time = answer.elapsed;
    outcome.phases = answer.phases;
    outcome.certificate_expires = answer.certificate_expires;
    outcome.tls_resumed = answer.tls_resumed;
    if (answer.failure) {
        outcome.verdict = verdict_of(*answer.failure);
        outcome.error = answer.failure->text;
        if (answer.failure->kind == Failure::Kind::timed_out) {
            outcome.note = fmt::format("while {}", answer.stage);
        }
        return outcome;
    }
    if (answer.head.status < 200 || answer.head.status > 299) {
        outcome.verdict = Verdict::failed;
        outcome.error = fmt::format("HTTP error: {}", answer.head.status);
        return outcome;
    }
    outcome.verdict = Verdict::passed;
    judge_body(answer, outcome);
    return outcome;
}

}  // namespace muster
