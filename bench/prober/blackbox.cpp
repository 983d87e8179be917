#include "blackbox.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include <support/cpu_time.hpp>

namespace muster::bench {
namespace {

constexpr std::size_t kConnections = 8;

}  // namespace

Blackbox::Blackbox(std::string const& module, std::vector<std::string> const& targets) {
    auto pattern = (std::filesystem::temp_directory_path() / "bench-blackbox-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary directory");
    }
    folder_ = pattern;
    auto const file = folder_ + "/blackbox.yml";
    std::ofstream(file) << "modules:\n"
                           "  http_2xx: { prober: http, timeout: 5s, http: "
                           "{ preferred_ip_protocol: ip4 } }\n"
                           "  tcp_connect: { prober: tcp, timeout: 5s, tcp: "
                           "{ preferred_ip_protocol: ip4 } }\n";
    auto const port = free_port();
    child_ = std::make_unique<Child>(
        std::vector<std::string>{"prometheus-blackbox-exporter", "--config.file=" + file,
                                 "--log.level=error",
                                 "--web.listen-address=127.0.0.1:" + std::to_string(port)},
        std::map<std::string, std::string>{}, folder_ + "/errors");
    wait_for_port(port);
    std::vector<std::string> paths;
    paths.reserve(targets.size());
    for (auto const& target : targets) {
        paths.push_back(fmt::format("/probe?module={}&target={}", module, target));
    }
    if (get_body(port, paths.front()).find("\nprobe_success 1\n") == std::string::npos) {
        throw std::runtime_error("blackbox_exporter does not reach " + targets.front());
    }
    load_ = std::make_unique<HttpLoad>(port, paths, kConnections);
}

Blackbox::~Blackbox() {
    child_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Blackbox::probe(std::size_t count) {
    load_->ask(count);
}

double Blackbox::cpu_seconds() const {
    return cpu_seconds_of(child_->process());
}

}  // namespace muster::bench
