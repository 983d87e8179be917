#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include <muster/http/inspection_run.hpp>
#include <muster/ports/prober.hpp>

namespace muster {

/// A connection as the module tcp_connect of blackbox_exporter makes it, to one address: one that
/// is accepted passes.
class TcpInspection final : public InspectionRun, private ProbeObserver {
public:
    TcpInspection(InspectionParts& parts, Millis timeout, Inspector::Done done)
        : InspectionRun(parts, timeout, std::move(done)) {}
    ~TcpInspection() override = default;
    TcpInspection(TcpInspection const&) = delete;
    TcpInspection& operator=(TcpInspection const&) = delete;

    void start(InspectionSpec const& spec);

private:
    void go_to(boost::asio::ip::address const& address) override;
    void probed(std::uint64_t token, Outcome outcome) override;

    std::uint16_t port_{0};
    std::unique_ptr<Probe> probe_;  // last: it calls back
};

}  // namespace muster
