#include <support/child.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <support/cpu_time.hpp>

namespace muster::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

Child::Child(std::vector<std::string> const& command,
             std::map<std::string, std::string> const& variables, std::string const& errors) {
    // env(1) sets them and becomes the program.
    std::vector<std::string> words{"env"};
    for (auto const& [name, value] : variables) {
        words.push_back(name);
        words.back().append("=").append(value);
    }
    words.insert(words.end(), command.begin(), command.end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    process_ = ::fork();
    if (process_ < 0) {
        throw std::runtime_error("no process");
    }
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(pipe[1], STDOUT_FILENO);
        if (!errors.empty()) {
            ::dup2(::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600),
                   STDERR_FILENO);
        }
        ::execvp(pointers[0], pointers.data());
        ::_exit(127);
    }
    ::close(pipe[1]);
    output_ = pipe[0];
}

Child::~Child() {
    if (process_ > 0) {
        end(SIGKILL);
    }
    ::close(output_);
}

std::string Child::read_line() {
    std::string line;
    char byte = 0;
    while (::read(output_, &byte, 1) == 1 && byte != '\n') {
        line += byte;
    }
    return line;
}

std::string Child::read_to_end() {
    std::string text;
    std::array<char, 4096> room{};
    for (auto size = ::read(output_, room.data(), room.size()); size > 0;
         size = ::read(output_, room.data(), room.size())) {
        text.append(room.data(), static_cast<std::size_t>(size));
    }
    return text;
}

int Child::end(int signal) {
    ::kill(process_, signal);
    return wait();
}

int Child::wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::uint16_t free_port() {
    auto const probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    bool const found =
        ::bind(probe, generic, size) == 0 && ::getsockname(probe, generic, &size) == 0;
    ::close(probe);
    if (!found) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

void wait_for_port(std::uint16_t port) {
    auto const limit = steady_seconds() + 10;
    while (steady_seconds() < limit) {
        auto const probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto address = loopback(port);
        bool const there =
            ::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(probe);
        if (there) {
            return;
        }
        wait_seconds(0.02);
    }
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
}

}  // namespace muster::bench
