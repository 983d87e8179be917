#include <cli/demo_processes.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace muster {
namespace {

constexpr std::array<std::string_view, 3> kProjects{"email-blast", "chatbot", "social-media"};
constexpr int kStartMillis = 5'000;
constexpr int kStopMillis = 1'000;
constexpr std::string_view kListening = "listening on ";

/// Waits for one child for at most `millis`; true: it has ended and is reaped.
bool reap_within(pid_t pid, int millis) {
    auto const descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (descriptor >= 0) {
        pollfd waiting{descriptor, POLLIN, 0};
        ::poll(&waiting, 1, millis);
        ::close(descriptor);
    }
    int status = 0;
    return ::waitpid(pid, &status, WNOHANG) != 0;
}

}  // namespace

/// Output comes through a pipe; signals are as in a fresh shell; Ctrl-C on the terminal reaches
/// only us, so that the projects do not fall before the hub has stopped watching them.
Result<DemoProcesses::Child> DemoProcesses::spawn(std::filesystem::path const& program,
                                                  std::uint16_t port) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return failure(Errc::unavailable, std::string("no pipe: ") + std::strerror(errno));
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    sigset_t held;
    sigemptyset(&held);
    posix_spawnattr_setsigmask(&attributes, &held);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

    auto name = program.string();
    auto port_text = std::to_string(port);
    std::string port_flag = "--port";
    std::string parent_flag = "--exit-with-parent";
    std::array<char*, 5> arguments{name.data(), port_flag.data(), port_text.data(),
                                   parent_flag.data(), nullptr};
    Child child;
    int const error =
        posix_spawn(&child.pid, name.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(pipe[1]);
    if (error != 0) {
        ::close(pipe[0]);
        return failure(Errc::not_found, name + ": " + std::strerror(error));
    }
    child.output = pipe[0];
    return child;
}

/// The URL that the program says it listens on.
Result<std::string> DemoProcesses::wait_until_it_listens(Child const& child,
                                                         std::string_view name) {
    std::string line;
    pollfd waiting{child.output, POLLIN, 0};
    while (line.find('\n') == std::string::npos) {
        std::array<char, 256> buffer{};
        if (::poll(&waiting, 1, kStartMillis) <= 0) {
            return failure(Errc::unavailable, std::string(name) + " did not start within 5 s");
        }
        auto const got = ::read(child.output, buffer.data(), buffer.size());
        if (got <= 0) {
            return failure(Errc::unavailable, std::string(name) + " ended while starting");
        }
        line.append(buffer.data(), static_cast<std::size_t>(got));
    }
    auto const at = line.find(kListening);
    if (at == std::string::npos) {
        return failure(Errc::unavailable, std::string(name) + " did not say where it listens");
    }
    auto const begin = at + kListening.size();
    return line.substr(begin, line.find('\n', begin) - begin);
}

Result<DemoProcesses> DemoProcesses::start(std::filesystem::path const& folder,
                                           std::uint16_t first_port) {
    DemoProcesses demo;
    for (auto const name : kProjects) {
        auto const port = first_port == 0
                              ? std::uint16_t{0}
                              : static_cast<std::uint16_t>(first_port + demo.children_.size());
        auto child = spawn(folder / ("demo-" + std::string(name)), port);
        if (!child) {
            return tl::unexpected(std::move(child.error()));
        }
        demo.children_.push_back(*child);
    }
    for (std::size_t index = 0; index < demo.children_.size(); ++index) {
        auto url = wait_until_it_listens(demo.children_[index], kProjects[index]);
        if (!url) {
            return tl::unexpected(std::move(url.error()));
        }
        demo.projects_.push_back(
            {std::string(kProjects[index]), std::move(*url), demo.children_[index].pid});
    }
    return demo;
}

DemoProcesses::~DemoProcesses() {
    stop();
}

DemoProcesses::DemoProcesses(DemoProcesses&& other) noexcept
    : projects_(std::move(other.projects_)), children_(std::exchange(other.children_, {})) {}

DemoProcesses& DemoProcesses::operator=(DemoProcesses&& other) noexcept {
    if (this != &other) {
        stop();
        projects_ = std::move(other.projects_);
        children_ = std::exchange(other.children_, {});
    }
    return *this;
}

void DemoProcesses::stop() {
    for (auto const& child : children_) {
        ::kill(child.pid, SIGTERM);  // not reaped yet: the number is still the child's
    }
    for (auto const& child : children_) {
        if (!reap_within(child.pid, kStopMillis)) {
            ::kill(child.pid, SIGKILL);
            int status = 0;
            ::waitpid(child.pid, &status, 0);
        }
        ::close(child.output);
    }
    children_.clear();
}

}  // namespace muster
