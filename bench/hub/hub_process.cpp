#include "hub_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace muster::bench {
namespace {

std::filesystem::path make_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "bench-hub-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary directory");
    }
    return pattern;
}

std::string text_of(std::filesystem::path const& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

HubProcess::HubProcess(std::string program, std::string configuration)
    : program_(std::move(program)), directory_(make_directory()) {
    std::ofstream(directory_ / "muster.yaml")
        << "hub: { listen: [\"127.0.0.1:0\"] }\nlogging: { level: warn }\n"
        << configuration;
}

HubProcess::~HubProcess() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        ::close(output_);
    }
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void HubProcess::start() {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    auto const file = (directory_ / "muster.yaml").string();
    process_ = ::fork();
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(pipe[1], STDOUT_FILENO);
        ::setenv("MUSTER_DATA_DIR", directory_.c_str(), 1);
        ::execl(program_.c_str(), program_.c_str(), "--config", file.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(pipe[1]);
    output_ = pipe[0];
    auto const line = first_line();
    auto const colon = line.rfind(':');
    if (colon == std::string::npos || line.find("listening") == std::string::npos) {
        throw std::runtime_error("the hub did not start: '" + line + "'");
    }
    port_ = static_cast<std::uint16_t>(std::strtoul(line.c_str() + colon + 1, nullptr, 10));
}

std::string HubProcess::first_line() const {
    std::string line;
    char byte = 0;
    while (::read(output_, &byte, 1) == 1 && byte != '\n') {
        line += byte;
    }
    return line;
}

void HubProcess::stop() {
    ::kill(process_, SIGTERM);
    int status = 0;
    ::waitpid(process_, &status, 0);
    ::close(std::exchange(output_, -1));
    process_ = -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw std::runtime_error("the hub did not end well");
    }
}

std::string HubProcess::get(std::string const& path) const {
    auto const peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        auto const request =
            "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        [[maybe_unused]] auto const sent =
            ::send(peer, request.data(), request.size(), MSG_NOSIGNAL);
        std::array<char, 65'536> room{};
        for (auto size = ::read(peer, room.data(), room.size()); size > 0;
             size = ::read(peer, room.data(), room.size())) {
            answer.append(room.data(), static_cast<std::size_t>(size));
        }
    }
    ::close(peer);
    auto const body = answer.find("\r\n\r\n");
    bool const good = body != std::string::npos && answer.starts_with("HTTP/1.1 200");
    return good ? answer.substr(body + 4) : std::string();
}

double HubProcess::cpu_seconds() const {
    auto const text = text_of("/proc/" + std::to_string(process_) + "/stat");
    // Behind the name in brackets: state is field 3, utime and stime are 14 and 15 (proc(5)).
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field) {
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::size_t HubProcess::resident_bytes() const {
    std::istringstream pages(text_of("/proc/" + std::to_string(process_) + "/statm"));
    std::size_t all = 0;
    std::size_t resident = 0;
    pages >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace muster::bench
