#include <muster/testing/redis_server.hpp>

#include <csignal>
#include <filesystem>
#include <utility>

namespace muster::testing {

RedisServer::RedisServer(Options options) : options_(std::move(options)), place_(free_place()) {
    start();
}

void RedisServer::start() {
    server_.reset();
    server_ = std::make_unique<TargetServer>(
        [this](std::filesystem::path const&, Place const& place) {
            TargetServer::Launch launch;
            launch.program = find_program("redis-server");
            launch.arguments = {"--bind",       place.address,
                                "--port",       std::to_string(place.port),
                                "--unixsocket", socket_path(),
                                "--dir",        folder_.path().string(),
                                "--save",       "",
                                "--daemonize",  "no"};
            std::vector<std::string> const kept{"--appendonly", "yes", "--appendfsync", "always"};
            if (options_.keeps_data) {
                launch.arguments.insert(launch.arguments.end(), kept.begin(), kept.end());
            }
            launch.arguments.insert(launch.arguments.end(), options_.arguments.begin(),
                                    options_.arguments.end());
            return launch;
        },
        place_);
    // It accepts before it has read its data, and answers with LOADING.
    (void)server_->process().wait_for_line("Ready to accept connections");
}

void RedisServer::kill() {
    server_->process().signal(SIGKILL);
    (void)server_->process().wait_for_end();
}

void RedisServer::forget() {
    std::filesystem::remove_all(folder_.path() / "appendonlydir");
}

std::string RedisServer::url() const {
    return "redis://" + place_.address + ":" + std::to_string(place_.port);
}

}  // namespace muster::testing
