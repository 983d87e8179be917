#include "child_process.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace muster::e2e {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

int millis_until(std::chrono::steady_clock::time_point deadline) {
    auto const left = deadline - std::chrono::steady_clock::now();
    auto const millis = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    return millis < 0 ? 0 : static_cast<int>(millis);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

ChildProcess::ChildProcess(std::filesystem::path const& program,
                           std::vector<std::string> const& arguments, Options const& options) {
    std::vector<std::string> argument_texts{program.string()};
    argument_texts.insert(argument_texts.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables{std::string("PATH=") + std::getenv("PATH")};
    for (auto const& [name, value] : options.environment) {
        variables.push_back(name + "=" + value);
    }
    auto argument_pointers = pointers_to(argument_texts);
    auto variable_pointers = pointers_to(variables);

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        if (::chdir(options.folder.c_str()) == 0) {
            ::execve(program.c_str(), argument_pointers.data(), variable_pointers.data());
        }
        ::_exit(127);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
}

ChildProcess::~ChildProcess() {
    if (!code_) {
        signal(SIGKILL);
        (void)wait_for_end();
    }
    ::close(pipe_);
}

bool ChildProcess::read_some(int millis) {
    pollfd waiting{pipe_, POLLIN, 0};
    if (::poll(&waiting, 1, millis) <= 0) {
        return false;
    }
    std::array<char, 4096> buffer{};
    auto const got = ::read(pipe_, buffer.data(), buffer.size());
    if (got <= 0) {
        return false;
    }
    output_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<std::string> ChildProcess::wait_for_line(std::string const& text) {
    auto const deadline = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        for (auto end = output_.find('\n', seen_); end != std::string::npos;
             end = output_.find('\n', seen_)) {
            auto line = output_.substr(seen_, end - seen_);
            seen_ = end + 1;
            if (line.find(text) != std::string::npos) {
                return line;
            }
        }
        if (!read_some(millis_until(deadline))) {
            return std::nullopt;
        }
    }
}

void ChildProcess::listen_for(int millis) {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(millis);
    while (millis_until(deadline) > 0) {
        (void)read_some(millis_until(deadline));
    }
}

void ChildProcess::signal(int number) const {
    ::kill(pid_, number);
}

int ChildProcess::wait_for_end() {
    if (code_) {
        return *code_;
    }
    auto const deadline = std::chrono::steady_clock::now() + kPatience;
    while (read_some(millis_until(deadline))) {}
    auto const handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    pollfd waiting{handle, POLLIN, 0};
    ::poll(&waiting, 1, millis_until(deadline));
    ::close(handle);
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) {
        return -1;
    }
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return *code_;
}

}  // namespace muster::e2e
