#include <cli/check/check_targets.hpp>

#include <string_view>
#include <utility>

namespace muster {
namespace {

constexpr std::string_view kTcp = "tcp://";

Result<ProbeSpec> probe_of(std::string_view text) {
    if (text.substr(0, kTcp.size()) == kTcp) {
        auto endpoint = parse_host_port(text.substr(kTcp.size()));
        if (!endpoint) {
            return tl::unexpected(std::move(endpoint.error()));
        }
        return ProbeSpec(TcpProbeSpec{*std::move(endpoint)});
    }
    auto url = parse_url(text);
    if (!url) {
        return tl::unexpected(std::move(url.error()));
    }
    return ProbeSpec(HttpProbeSpec{*std::move(url)});
}

}  // namespace

Result<std::vector<ServiceSpec>> services_of_urls(std::vector<std::string> const& urls) {
    std::vector<ServiceSpec> services;
    for (auto const& text : urls) {
        auto probe = probe_of(text);
        if (!probe) {
            return tl::unexpected(std::move(probe.error()));
        }
        ServiceSpec service;
        service.probe = *std::move(probe);
        bool const is_tcp = std::holds_alternative<TcpProbeSpec>(service.probe);
        service.name = (is_tcp ? std::string(kTcp) : "") + target_of(service.probe);
        services.push_back(std::move(service));
    }
    return services;
}

std::vector<ServiceSpec> services_of(config::Configuration const& configuration) {
    std::vector<ServiceSpec> services;
    for (auto const& project : configuration.projects) {
        services.insert(services.end(), project.services.begin(), project.services.end());
    }
    return services;
}

}  // namespace muster
