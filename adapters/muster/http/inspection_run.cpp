#include <muster/http/inspection_run.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <muster/tcp/destination.hpp>
#include <muster/tcp/preferred_address.hpp>

namespace muster {

namespace ip = boost::asio::ip;

InspectionRun::InspectionRun(InspectionParts& parts, Millis timeout, Inspector::Done done)
    : parts_(parts),
      started_(parts.clock.now().steady),
      deadline_(started_ + timeout),
      done_(std::move(done)),
      timer_(parts.timers.make([this] { due(); })) {}

void InspectionRun::look_up(std::string host) {
    host_ = std::move(host);
    boost::system::error_code not_an_address;
    auto const address = ip::make_address(host_, not_an_address);
    if (!not_an_address) {
        spelled_ = address;
        timer_->arm(started_);
        return;
    }
    timer_->arm(deadline_);
    query_ = parts_.resolver.resolve(host_, [this](auto answer) { resolved(std::move(answer)); });
}

void InspectionRun::end_soon(std::string error) {
    findings_.error = std::move(error);
    ends_ = true;
    timer_->arm(started_);
}

void InspectionRun::due() {
    if (ends_) {
        finish();
    } else if (spelled_) {
        found(*spelled_);
    } else {
        query_.reset();
        not_found("the name service did not answer in time");
    }
}

void InspectionRun::resolved(tl::expected<ResolvedName, Failure> answer) {
    query_.reset();
    timer_->disarm();
    // What the name service does not know may still be a name of this machine (RFC 6761).
    auto const addresses =
        answer ? std::move(answer->addresses) : make_destination(host_, 0).addresses;
    if (auto const chosen = preferred_address(addresses)) {
        found(*chosen);
    } else {
        not_found(answer ? "the name has no address" : std::move(answer.error().text));
    }
}

void InspectionRun::found(ip::address const& address) {
    findings_.lookup = {elapsed(), static_cast<std::uint8_t>(address.is_v6() ? 6 : 4),
                        address_hash(address)};
    go_to(ip::address(address));
}

void InspectionRun::not_found(std::string error) {
    findings_.lookup = {elapsed(), 0, 0};
    findings_.error = std::move(error);
    finish();
}

void InspectionRun::finish() {
    findings_.duration = elapsed();
    auto done = std::move(done_);
    auto findings = std::move(findings_);
    done(std::move(findings));
}

Millis InspectionRun::time_left() const {
    auto const left = std::chrono::ceil<Millis>(deadline_ - parts_.clock.now().steady);
    return std::max(left, Millis(1));
}

Micros InspectionRun::elapsed() const {
    return std::chrono::duration_cast<Micros>(parts_.clock.now().steady - started_);
}

}  // namespace muster
