#include <muster/domain/probe_spec.hpp>

namespace muster {
namespace {

struct Kind {
    std::string_view operator()(HttpProbeSpec const&) const noexcept { return "http"; }
    std::string_view operator()(TcpProbeSpec const&) const noexcept { return "tcp"; }
};

struct Target {
    std::string operator()(HttpProbeSpec const& spec) const { return to_text(spec.url); }
    std::string operator()(TcpProbeSpec const& spec) const { return to_text(spec.endpoint); }
};

struct Authority {
    std::string operator()(HttpProbeSpec const& spec) const {
        return spec.url.scheme + "://" + to_text(HostPort{spec.url.host, spec.url.port});
    }
    std::string operator()(TcpProbeSpec const& spec) const {
        return "tcp://" + to_text(spec.endpoint);
    }
};

struct Host {
    std::string_view operator()(HttpProbeSpec const& spec) const noexcept { return spec.url.host; }
    std::string_view operator()(TcpProbeSpec const& spec) const noexcept {
        return spec.endpoint.host;
    }
};

}  // namespace

std::string_view kind_of(ProbeSpec const& spec) noexcept {
    return std::visit(Kind{}, spec);
}

std::string target_of(ProbeSpec const& spec) {
    return std::visit(Target{}, spec);
}

std::string authority_of(ProbeSpec const& spec) {
    return std::visit(Authority{}, spec);
}

std::string_view host_of(ProbeSpec const& spec) noexcept {
    return std::visit(Host{}, spec);
}

}  // namespace muster
