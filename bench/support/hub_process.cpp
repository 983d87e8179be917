#include <support/hub_process.hpp>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

#include <support/cpu_time.hpp>
#include <support/http_load.hpp>
#include <support/program.hpp>

namespace muster::bench {
namespace {

std::filesystem::path make_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "bench-hub-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary directory");
    }
    return pattern;
}

}  // namespace

HubProcess::HubProcess(std::string const& configuration, std::size_t shards)
    : shards_(shards), directory_(make_directory()) {
    configure(configuration);
}

HubProcess::~HubProcess() {
    child_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void HubProcess::configure(std::string const& configuration) const {
    std::ofstream(directory_ / "muster.yaml")
        << "hub: { listen: [\"127.0.0.1:0\"], shards: " << shards_
        << " }\nlogging: { level: warn }\n"
        << configuration;
}

void HubProcess::start() {
    child_.emplace(std::vector<std::string>{folder_of_programs() + "/muster-hub", "--config",
                                            (directory_ / "muster.yaml").string()},
                   std::map<std::string, std::string>{{"MUSTER_DATA_DIR", directory_.string()}},
                   (directory_ / "log").string());
    auto const line = child_->read_line();
    auto const colon = line.rfind(':');
    if (colon == std::string::npos || line.find("listening") == std::string::npos) {
        throw std::runtime_error("the hub did not start: '" + line + "' " + log());
    }
    port_ = static_cast<std::uint16_t>(std::strtoul(line.c_str() + colon + 1, nullptr, 10));
}

void HubProcess::stop() {
    auto const code = child_->end(SIGTERM);
    child_.reset();
    if (code != 0) {
        throw std::runtime_error("the hub did not end well: " + std::to_string(code) + ' ' + log());
    }
}

std::string HubProcess::get(std::string const& path) const {
    return get_body(port_, path);
}

void HubProcess::wait_for(std::string const& path, std::string const& text) const {
    for (auto const limit = steady_seconds() + 300; steady_seconds() < limit;) {
        auto const body = get(path);
        if (!body.empty() && body.find(text) != std::string::npos) {
            return;
        }
        wait_seconds(0.02);
    }
    throw std::runtime_error("the hub does not say '" + text + "' at " + path);
}

std::string HubProcess::log() const {
    std::ifstream file(directory_ / "log");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    return text.substr(0, 2'000);
}

double HubProcess::cpu_seconds() const {
    return cpu_seconds_of(child_->process());
}

std::map<std::string, double> HubProcess::cpu_seconds_by_thread() const {
    return bench::cpu_seconds_by_thread(child_->process());
}

std::size_t HubProcess::resident_bytes() const {
    std::ifstream pages("/proc/" + std::to_string(child_->process()) + "/statm");
    std::size_t all = 0;
    std::size_t resident = 0;
    pages >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace muster::bench
