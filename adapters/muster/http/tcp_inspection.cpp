#include <muster/http/tcp_inspection.hpp>

#include <utility>

#include <muster/domain/url.hpp>

namespace muster {

void TcpInspection::start(InspectionSpec const& spec) {
    auto endpoint = parse_host_port(spec.target);
    if (!endpoint) {
        end_soon(std::move(endpoint.error().message));
        return;
    }
    port_ = endpoint->port;
    look_up(std::move(endpoint->host));
}

void TcpInspection::go_to(boost::asio::ip::address const& address) {
    auto probe = parts_.tcp.prepare(TcpProbeSpec{{address.to_string(), port_}}, false);
    if (!probe) {
        findings_.error = std::move(probe.error().message);
        finish();
        return;
    }
    probe_ = *std::move(probe);
    probe_->start({.timeout = time_left(), .fresh = true}, *this, 0);
}

void TcpInspection::probed(std::uint64_t /*token*/, Outcome outcome) {
    findings_.passed = outcome.verdict == Verdict::passed;
    findings_.error = std::move(outcome.error);
    finish();
}

}  // namespace muster
