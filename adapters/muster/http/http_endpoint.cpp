#include <muster/http/http_endpoint.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include <muster/base/utf8.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/phase_sum.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxPlace = 200;  ///< Bytes of an address in messages.

/// What is kept of a body that only may make a verdict worse, and of one that must be looked into.
constexpr std::size_t kBodyHeard = 64 * 1024;
constexpr std::size_t kBodyNeeded = kMostBodyRead;

void add_note(Outcome& outcome, std::string_view text) {
    outcome.note.append(outcome.note.empty() ? "" : "; ").append(text);
}

}  // namespace

Result<std::unique_ptr<HttpEndpoint>> HttpEndpoint::make(HttpProbePlan const& plan,
                                                         RequestSpec const& request, bool fallback,
                                                         std::size_t index) {
    std::unique_ptr<HttpEndpoint> endpoint(new HttpEndpoint(plan, index));
    std::vector<RequestSpec> specs{request};
    if (fallback) {
        specs.assign(kFallbackPaths.size(), request);
        for (std::size_t path = 0; path < kFallbackPaths.size(); ++path) {
            specs[path].url = with_path(request.url, kFallbackPaths[path]);
        }
    }
    endpoint->paths_.reserve(specs.size());
    for (auto& spec : specs) {
        auto step = endpoint->prepare(std::move(spec));
        if (!step) {
            return tl::unexpected(std::move(step.error()));
        }
        endpoint->paths_.push_back(*std::move(step));
    }
    return endpoint;
}

/// A POST never goes over a kept connection: one that ends before the answer leaves open whether
/// the request was taken, and a POST may not be repeated then (RFC 9110 section 9.2.2).
Result<HttpEndpoint::Step> HttpEndpoint::prepare(RequestSpec spec) const {
    HttpClient::Wanted const wanted{
        .keep = plan_.reuse && spec.method != HttpMethod::post,
        .max_body_kept = plan_.judge.needs_body() ? kBodyNeeded : kBodyHeard,
        .tls = spec.tls,
        .method = spec.method,
        .headers = spec.headers,
        .body = spec.body,
        .ip = plan_.ip};
    auto request = plan_.client.prepare(spec.url, wanted);
    if (!request) {
        return tl::unexpected(std::move(request.error()));
    }
    auto kept =
        plan_.redirects > 0 ? std::make_unique<RequestSpec const>(std::move(spec)) : nullptr;
    return Step{std::move(kept), *std::move(request)};
}

void HttpEndpoint::start(ProbeRun const& run, HttpEndpointObserver& observer) {
    assert(exchange_ == nullptr && "one run at a time");
    observer_ = &observer;
    run_ = run;
    elapsed_ = Micros(0);
    phases_ = Phases();
    certificate_expires_.reset();
    first_outcome_.reset();
    asked_ = 0;
    choose_paths();
    ask_path();
}

void HttpEndpoint::cancel() noexcept {
    if (exchange_ != nullptr) {
        std::exchange(exchange_, nullptr)->cancel();
    }
}

void HttpEndpoint::choose_paths() {
    to_ask_ = 0;
    order_[to_ask_++] = favourite_;
    if (none_answers_) {
        do {
            other_ = (other_ + 1) % paths_.size();
        } while (other_ == favourite_);
        order_[to_ask_++] = other_;
        return;
    }
    for (std::size_t path = 0; path < paths_.size(); ++path) {
        if (path != favourite_) {
            order_[to_ask_++] = path;
        }
    }
}

void HttpEndpoint::ask_path() {
    hop_ = 0;
    send(current().request);
}

HttpEndpoint::Step const& HttpEndpoint::current() const noexcept {
    return hop_ == 0 ? paths_[order_[asked_]] : hops_[hop_ - 1];
}

void HttpEndpoint::send(HttpRequest const& request) {
    auto const left = std::chrono::ceil<Millis>(run_.timeout - elapsed_);
    exchange_ =
        plan_.client.start(request, std::max(left, Millis(1)), run_.fresh || !request.keep, *this);
}

/// The observer may destroy the endpoint: nothing is touched after it was told.
void HttpEndpoint::exchanged(HttpAnswer const& answer) {
    exchange_ = nullptr;
    bool const is_first = asked_ == 0 && hop_ == 0;
    add_up(answer);
    auto outcome = plan_.judge.judge(answer);
    if (answer.stale_name) {
        add_note(outcome, stale_name_note(*answer.stale_name));
    }
    if (answer.failure && answer.failure->kind == Failure::Kind::timed_out && !is_first) {
        outcome.error = timeout_failure(run_.timeout).text;  // not what was left of it
    }
    if (follow(answer, outcome)) {
        return;
    }
    if (paths_.size() == 1) {
        finish(std::move(outcome));
    } else {
        decide(answer, std::move(outcome));
    }
}

void HttpEndpoint::add_up(HttpAnswer const& answer) {
    elapsed_ += answer.elapsed;
    add_phase(phases_.dns, answer.phases.dns);
    add_phase(phases_.connect, answer.phases.connect);
    add_phase(phases_.tls, answer.phases.tls);
    add_phase(phases_.first_byte, answer.phases.first_byte);
    add_phase(phases_.transfer, answer.phases.transfer);
    if (answer.certificate_expires &&
        (!certificate_expires_ || *answer.certificate_expires < *certificate_expires_)) {
        certificate_expires_ = answer.certificate_expires;
    }
}

bool HttpEndpoint::follow(HttpAnswer const& answer, Outcome& outcome) {
    auto const status = answer.head.status;
    if (plan_.redirects == 0 || answer.failure || !is_redirect(status) ||
        plan_.judge.accepts(status)) {
        return false;
    }
    if (!prepare_hop(answer, outcome)) {
        return false;
    }
    ++hop_;
    send(current().request);
    return true;
}

bool HttpEndpoint::prepare_hop(HttpAnswer const& answer, Outcome& outcome) {
    if (answer.head.location.empty()) {
        add_note(outcome, "it names no Location");
        return false;
    }
    if (hop_ == plan_.redirects) {
        outcome.error = fmt::format("too many redirects: more than {}", plan_.redirects);
        return false;
    }
    auto next = redirected(*current().spec, answer.head.status, answer.head.location);
    if (!next) {
        add_note(outcome, next.error().message);
        return false;
    }
    if (was_asked(*next)) {
        outcome.error =
            fmt::format("redirect loop at {}", clean_text(place_of(next->url), kMaxPlace));
        return false;
    }
    if (hop_ < hops_.size() && *hops_[hop_].spec == *next) {
        return true;
    }
    auto step = prepare(*std::move(next));
    if (!step) {
        add_note(outcome, step.error().message);
        return false;
    }
    hops_.erase(hops_.begin() + static_cast<std::ptrdiff_t>(std::min(hop_, hops_.size())),
                hops_.end());
    hops_.push_back(*std::move(step));
    return true;
}

bool HttpEndpoint::was_asked(RequestSpec const& spec) const {
    auto const same = [&spec](Step const& step) {
        return step.spec->url == spec.url && step.spec->method == spec.method;
    };
    return same(paths_[order_[asked_]]) ||
           std::any_of(hops_.begin(), hops_.begin() + static_cast<std::ptrdiff_t>(hop_), same);
}

/// Whether something is there at a path, for good or bad.
bool HttpEndpoint::is_there(HttpAnswer const& answer) const noexcept {
    auto const status = answer.head.status;
    return answer.failure.has_value() || plan_.judge.accepts(status) ||
           (status >= 500 && status != 501);
}

void HttpEndpoint::decide(HttpAnswer const& answer, Outcome outcome) {
    auto const path = order_[asked_];
    if (is_there(answer)) {
        if (!answer.failure && plan_.judge.accepts(answer.head.status)) {
            favourite_ = path;
            none_answers_ = false;
        }
        if (outcome.verdict != Verdict::passed) {
            add_note(outcome, fmt::format("at {}", kFallbackPaths[path]));
        }
        finish(std::move(outcome));
        return;
    }
    if (!first_outcome_) {
        first_outcome_ = std::make_unique<Outcome>(std::move(outcome));
    }
    if (++asked_ < to_ask_) {
        ask_path();
        return;
    }
    none_answers_ = true;
    add_note(*first_outcome_, "none of /health, /api/health, /status, /ping answers");
    hop_ = 0;
    asked_ = 0;
    finish(std::move(*std::exchange(first_outcome_, nullptr)));
}

void HttpEndpoint::finish(Outcome outcome) {
    outcome.response_time = elapsed_;
    outcome.phases = phases_;
    outcome.certificate_expires = certificate_expires_;
    if (hop_ > 0 && outcome.verdict != Verdict::passed) {
        add_note(outcome, fmt::format("after {} redirect{}, at {}", hop_, hop_ == 1 ? "" : "s",
                                      clean_text(place_of(current().spec->url), kMaxPlace)));
    }
    plan_.secrets.hide_in(outcome.error);
    plan_.secrets.hide_in(outcome.note);
    std::exchange(observer_, nullptr)->checked(index_, std::move(outcome));
}

}  // namespace muster
