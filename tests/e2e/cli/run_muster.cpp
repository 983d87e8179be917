#include "run_muster.hpp"

#include <csignal>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace muster::e2e {

Ended run_muster(Words const& arguments, std::filesystem::path const& folder,
                 std::map<std::string, std::string> const& environment) {
    ChildProcess::Options options;
    options.folder = folder;
    options.environment = environment;
    ChildProcess process(program("muster"), arguments, options);
    Ended ended;
    ended.code = process.wait_for_end();
    ended.output = process.output();
    return ended;
}

WatchedChat::WatchedChat(std::string const& token, std::string const& reads) : demo_("chatbot") {
    std::ofstream(folder_.path() / "muster.yaml")
        << (token.empty() ? "" : "auth: { token: " + token + ", reads: " + reads + " }\n")
        << "projects: [{ name: chat, url: \"" << demo_.url()
        << "\", healthCheckInterval: 200ms }]\n";
    hub_ = std::make_unique<HubProcess>(folder_.path(), "");
    hub_->use_token(token);
    url_ = hub_->url();
    if (!hub_->shows("/api/projects/status", R"("status":"healthy")") ||
        !hub_->shows("/api/events", R"(status_changed)")) {
        throw std::runtime_error("the hub does not see its project: " + hub_->process().output());
    }
}

Ended WatchedChat::ask(Words arguments, std::map<std::string, std::string> environment) {
    arguments.insert(arguments.end(), {"--hub", url_});
    return run_muster(arguments, folder(), environment);
}

void WatchedChat::restart_hub() {
    hub_->process().signal(SIGTERM);
    if (hub_->process().wait_for_end() != 0) {
        throw std::runtime_error("the hub does not stop: " + hub_->process().output());
    }
    ChildProcess::Options options;
    options.folder = folder();
    options.environment["MUSTER_DATA_DIR"] = (folder() / "data").string();
    again_ = std::make_unique<ChildProcess>(
        program("muster"), Words{"up", "--port", std::to_string(port_of(url_))}, options);
    if (!again_->wait_for_line("muster: listening on ")) {
        throw std::runtime_error("the hub does not start again: " + again_->output());
    }
}

bool holds(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace muster::e2e
