#include "hub_process.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <httplib.h>

#include "answer_log.hpp"

namespace muster::e2e {
namespace {

ChildProcess::Options hub_options(std::filesystem::path const& folder, std::string const& projects,
                                  std::map<std::string, std::string> environment) {
    ChildProcess::Options options;
    options.folder = folder;
    options.environment = std::move(environment);
    options.environment["MUSTER_DATA_DIR"] = (folder / "data").string();
    if (!projects.empty()) {
        options.environment["PROJECTS"] = projects;
    }
    return options;
}

std::string url_in(std::optional<std::string> const& line, ChildProcess const& process) {
    auto const at = line ? line->find("http://") : std::string::npos;
    if (at == std::string::npos) {
        throw std::runtime_error("it does not listen; it said: " + process.output());
    }
    return line->substr(at);
}

}  // namespace

std::filesystem::path program(std::string const& name) {
    return std::filesystem::path(MUSTER_BIN_DIR) / name;
}

int port_of(std::string const& url) {
    return std::stoi(url.substr(url.rfind(':') + 1));
}

HubProcess::HubProcess(std::filesystem::path const& folder, std::string const& projects,
                       std::map<std::string, std::string> environment)
    : process_(program("muster"), {"up", "--port", "0"},
               hub_options(folder, projects, std::move(environment))) {
    port_ = port_of(url_in(process_.wait_for_line("muster: listening on "), process_));
}

std::string HubProcess::get(std::string const& path) const {
    httplib::Client client("127.0.0.1", port_);
    log_answers(client);
    if (!token_.empty()) {
        client.set_default_headers({{"Authorization", "Bearer " + token_}});
    }
    auto const answer = client.Get(path);
    return answer && answer->status == 200 ? answer->body : std::string();
}

bool HubProcess::shows(std::string const& path, std::string const& text) {
    return comes_to_pass([&] { return get(path).find(text) != std::string::npos; });
}

bool HubProcess::counts(std::string const& series) {
    return comes_to_pass([&] {
        auto const sheet = get("/metrics");
        auto const at = sheet.find("\n" + series + " ");
        return at != std::string::npos && sheet.compare(at + series.size() + 2, 2, "0\n") != 0;
    });
}

bool HubProcess::comes_to_pass(std::function<bool()> const& is_so) {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < deadline) {
        if (is_so()) {
            return true;
        }
        process_.listen_for(20);
    }
    return false;
}

DemoProcess::DemoProcess(std::string const& name)
    : process_(program("demo-" + name), {"--port", "0"}, {}) {
    url_ = url_in(process_.wait_for_line("listening on "), process_);
}

}  // namespace muster::e2e
