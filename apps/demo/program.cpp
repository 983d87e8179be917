#include <demo/program.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>

#include <sys/prctl.h>
#include <unistd.h>

#include <fmt/core.h>

#include <demo/options.hpp>
#include <demo/project.hpp>
#include <demo/server.hpp>

namespace muster::demo {
namespace {

constexpr auto kStopGrace = 500ms;

Instant real_time() {
    return {.steady = std::chrono::steady_clock::now(),
            .wall = std::chrono::floor<Millis>(std::chrono::system_clock::now())};
}

/// SIGTERM and SIGINT wait for wait_for_signal() in this thread and all that it starts.
::sigset_t block_stop_signals() {
    ::sigset_t signals{};
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

/// False: the parent has gone already.
bool follow_parent(::pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    return ::getppid() == parent;
}

std::string url(std::string const& host, std::uint16_t port) {
    auto const v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}:{}", v6 ? "[" + host + "]" : host, port);
}

/// Ends within the grace even where clients keep their connections: what they hold, the kernel
/// closes.
void stop_in_time(Server& server) {
    auto stopped = std::promise<void>{};
    auto const done = stopped.get_future();
    auto stopper = std::thread{[&] {
        server.stop();
        stopped.set_value();
    }};
    if (done.wait_for(kStopGrace) == std::future_status::timeout) {
        std::fflush(nullptr);
        std::_Exit(0);
    }
    stopper.join();
}

}  // namespace

int run(Personality const& who, int argc, char** argv) {
    auto const parent = ::getppid();
    auto code = 0;
    auto const options = read_options(who, argc, argv, code);
    if (!options) {
        return code;
    }
    auto const signals = block_stop_signals();
    if (options->exit_with_parent && !follow_parent(parent)) {
        return 0;
    }

    auto project = Project{who, options->seed, real_time};
    auto server = Server{project, [] { std::_Exit(1); }};
    auto const port = server.start({.host = options->host, .port = options->port});
    if (!port) {
        fmt::print(stderr, "demo-{}: {}\n", who.name, port.error().message);
        return 3;
    }
    fmt::print("listening on {}\n", url(options->host, *port));
    std::fflush(stdout);

    auto signal = 0;
    ::sigwait(&signals, &signal);
    stop_in_time(server);
    return 0;
}

}  // namespace muster::demo
