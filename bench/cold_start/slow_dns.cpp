#include "slow_dns.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <deque>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <support/cpu_time.hpp>

namespace muster::bench {
namespace {

constexpr std::uint16_t kPort = 53;
constexpr std::size_t kHead = 12;  ///< RFC 1035 section 4.1.1.
constexpr unsigned kTypeA = 1;

unsigned byte_at(std::string const& bytes, std::size_t index) {
    return static_cast<unsigned char>(bytes[index]);
}

/// The answer to a question of one name, which came as a client sends it.
std::string answer_to(std::string question) {
    auto const name = question.substr(kHead + 1, byte_at(question, kHead));
    auto end = kHead;
    while (end < question.size() && byte_at(question, end) != 0) {
        end += byte_at(question, end) + 1;
    }
    end += 5;  // the root's label, type and class
    if (end > question.size()) {
        return {};
    }
    auto const type = byte_at(question, end - 4) << 8U | byte_at(question, end - 3);
    // Additional records of the question (EDNS) are not sent back.
    question.resize(end);
    question[2] = static_cast<char>(0x85);  // an answer, of who knows; recursion was asked for
    question[3] = static_cast<char>(0x80);
    std::fill_n(question.begin() + 6, 6, '\0');
    auto address = name.substr(std::min(name.find('-') + 1, name.size()));
    std::replace(address.begin(), address.end(), '-', '.');
    in_addr number{};
    if (type == kTypeA && ::inet_pton(AF_INET, address.c_str(), &number) == 1) {
        question[7] = 1;
        // The name of the question, A, IN, 300 s, four bytes.
        constexpr std::string_view kRecord("\xC0\x0C\0\1\0\1\0\0\1\x2C\0\4", 12);
        question.append(kRecord);
        question.append(reinterpret_cast<char const*>(&number), sizeof number);
    }
    return question;
}

struct Waiting {
    double due{0};
    sockaddr_in who{};
    std::string answer{};
};

[[noreturn]] void serve(int socket, double seconds) {
    std::deque<Waiting> waiting;
    for (;;) {
        auto const wait = waiting.empty() ? 1.0 : waiting.front().due - steady_seconds();
        pollfd watched{socket, POLLIN, 0};
        ::poll(&watched, 1, wait > 0 ? static_cast<int>(wait * 1e3) + 1 : 0);
        for (;;) {
            std::array<char, 1500> room{};
            Waiting next;
            socklen_t size = sizeof next.who;
            auto* const who = reinterpret_cast<sockaddr*>(&next.who);
            auto const got = ::recvfrom(socket, room.data(), room.size(), MSG_DONTWAIT, who, &size);
            if (got < 0) {
                break;
            }
            if (static_cast<std::size_t>(got) > kHead) {
                next.due = steady_seconds() + seconds;
                next.answer = answer_to({room.data(), static_cast<std::size_t>(got)});
                waiting.push_back(std::move(next));
            }
        }
        for (auto const now = steady_seconds(); !waiting.empty() && waiting.front().due <= now;
             waiting.pop_front()) {
            auto const& next = waiting.front();
            ::sendto(socket, next.answer.data(), next.answer.size(), 0,
                     reinterpret_cast<sockaddr const*>(&next.who), sizeof next.who);
        }
    }
}

}  // namespace

SlowDns::SlowDns(double seconds) {
    auto const socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int const room = 8 << 20;
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(kPort);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error("slow DNS: cannot bind port 53");
    }
    process_ = ::fork();
    if (process_ < 0) {
        throw std::runtime_error("slow DNS: no process");
    }
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(socket, seconds);
    }
    ::close(socket);
}

SlowDns::~SlowDns() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

std::string SlowDns::name_of(std::string address) {
    std::replace(address.begin(), address.end(), '.', '-');
    return "n-" + address + ".bench";
}

}  // namespace muster::bench
