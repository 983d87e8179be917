#include <muster/domain/probe_spec.hpp>

namespace muster {
namespace {

struct Kind {
    std::string_view operator()(HttpProbeSpec const&) const noexcept { return "http"; }
    std::string_view operator()(TcpProbeSpec const&) const noexcept { return "tcp"; }
    std::string_view operator()(OwnProbeSpec const& spec) const noexcept { return spec.kind; }
};

struct Target {
    std::string operator()(HttpProbeSpec const& spec) const { return to_text(spec.url); }
    std::string operator()(TcpProbeSpec const& spec) const { return to_text(spec.endpoint); }
    std::string operator()(OwnProbeSpec const& spec) const { return spec.target; }
};

/// Lines: what is usual is left out.
struct Authority {
    std::string operator()(HttpProbeSpec const& spec) const {
        auto text = spec.url.scheme + "://" + to_text(HostPort{spec.url.host, spec.url.port});
        add_ip(text, spec.ip);
        if (spec.url.scheme == "https") {
            add_tls(text, spec.tls);
        }
        return text;
    }
    std::string operator()(TcpProbeSpec const& spec) const {
        auto text = "tcp://" + to_text(spec.endpoint);
        add_ip(text, spec.ip);
        return text;
    }
    std::string operator()(OwnProbeSpec const& spec) const {
        auto text = spec.kind + "://" + spec.host + "\n" + spec.target;
        for (auto const& [name, value] : spec.settings) {
            text.append("\n").append(name).append(" ").append(value);
        }
        return text;
    }

    static void add_ip(std::string& text, IpFamily ip) {
        if (ip != IpFamily::any) {
            text.append("\nip ").append(to_string(ip));
        }
    }
    static void add_tls(std::string& text, TlsOptions const& tls) {
        text.append(tls.verify ? "" : "\nunverified");
        if (!tls.server_name.empty()) {
            text.append("\nserver ").append(tls.server_name);
        }
        if (!tls.ca_file.empty()) {
            text.append("\nca ").append(tls.ca_file);
        }
    }
};

struct Host {
    std::string_view operator()(HttpProbeSpec const& spec) const noexcept { return spec.url.host; }
    std::string_view operator()(TcpProbeSpec const& spec) const noexcept {
        return spec.endpoint.host;
    }
    std::string_view operator()(OwnProbeSpec const& spec) const noexcept { return spec.host; }
};

struct Port {
    std::optional<std::uint16_t> operator()(HttpProbeSpec const& spec) const noexcept {
        return spec.url.port;
    }
    std::optional<std::uint16_t> operator()(TcpProbeSpec const& spec) const noexcept {
        return spec.endpoint.port;
    }
    std::optional<std::uint16_t> operator()(OwnProbeSpec const& /*spec*/) const noexcept {
        return std::nullopt;
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

std::optional<std::uint16_t> port_of(ProbeSpec const& spec) noexcept {
    return std::visit(Port{}, spec);
}

bool is_remote(ProbeSpec const& spec) noexcept {
    auto const host = host_of(spec);
    return !host.empty() && !is_loopback(host);
}

}  // namespace muster
