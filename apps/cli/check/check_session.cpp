#include <cli/check/check_session.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include <cli/check/check_table.hpp>
#include <muster/codec/check_json.hpp>

namespace muster {
namespace {

constexpr int kAllUp = 0;
constexpr int kSomeDegraded = 1;
constexpr int kSomeDown = 2;

std::string json_of(std::vector<CheckedService> const& results) {
    std::string out = "[";
    for (auto const& result : results) {
        if (out.size() > 1) {
            out += ',';
        }
        append_checked_service(out, *result.service, result.status, result.started_at,
                               result.outcome);
    }
    return out + "]\n";
}

}  // namespace

int exit_code_of(std::vector<CheckedService> const& results) noexcept {
    int code = kAllUp;
    for (auto const& result : results) {
        switch (result.status) {
            case HealthStatus::up:
                break;
            case HealthStatus::degraded:
                code = std::max(code, kSomeDegraded);
                break;
            case HealthStatus::down:
            case HealthStatus::unknown:
                code = kSomeDown;
                break;
        }
    }
    return code;
}

CheckSession::CheckSession(CheckOptions const& options, std::vector<ServiceSpec> services,
                           Prober& prober, Clock const& clock, Timers& timers, std::ostream& out,
                           Finished finished)
    : options_(options),
      services_(std::move(services)),
      prober_(prober),
      clock_(clock),
      out_(out),
      finished_(std::move(finished)),
      next_round_(timers.make([this] { start_round(); })),
      ended_(timers.make([this] { round_done(); })) {}

CheckSession::~CheckSession() = default;

void CheckSession::start() {
    start_round();
}

void CheckSession::interrupt() {
    if (!finished_) {
        return;
    }
    next_round_->disarm();
    ended_->disarm();
    int code = kAllUp;
    if (!options_.continuous && round_) {
        print();
        code = exit_code_of(round_->results());
    }
    round_.reset();
    std::exchange(finished_, nullptr)(code);
}

void CheckSession::start_round() {
    round_started_ = clock_.now();
    round_.emplace(services_, prober_, clock_, options_.in_flight,
                   [this] { ended_->arm(clock_.now().steady); });
    round_->start();
    if (round_->idle()) {
        ended_->arm(round_started_.steady);  // not one of them could be probed
    }
}

void CheckSession::round_done() {
    print();
    if (options_.continuous) {
        next_round_->arm(round_started_.steady + options_.interval);
        return;
    }
    auto const code = exit_code_of(round_->results());
    round_.reset();
    std::exchange(finished_, nullptr)(code);
}

void CheckSession::print() const {
    auto const& results = round_->results();
    if (options_.json) {
        out_ << json_of(results);
    } else if (options_.continuous) {
        out_ << to_rfc3339(round_started_.wall) << '\n'
             << check_table(results, options_.colour) << '\n';
    } else {
        out_ << check_table(results, options_.colour);
    }
    out_.flush();
}

}  // namespace muster
