#include "own_network.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <muster/testing/child_process.hpp>

namespace muster::e2e {
namespace {

using testing::ChildProcess;

/// Empty: it did what it was asked to; else what it said.
std::string failure_of(std::string const& program, std::vector<std::string> const& arguments) {
    ChildProcess process(testing::find_program(program), arguments, {});
    auto const code = process.wait_for_end();
    return code == 0 ? std::string()
                     : program + " (" + std::to_string(code) + "): " + process.output();
}

void must(std::string const& program, std::vector<std::string> const& arguments) {
    if (auto const failed = failure_of(program, arguments); !failed.empty()) {
        throw std::runtime_error(failed);
    }
}

}  // namespace

OwnNetwork::OwnNetwork() {
    if (::geteuid() != 0) {
        missing_ = "a network namespace is made by root alone";
        return;
    }
    home_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (home_ < 0 || ::unshare(CLONE_NEWNET) != 0) {
        missing_ = std::string("this machine gives no network namespace: ") + std::strerror(errno);
        return;
    }
    try {
        auto failed = failure_of("ip", {"link", "set", "lo", "up"});
        if (failed.empty()) {
            failed = failure_of("iptables", {"-w", "-L", "INPUT"});
        }
        missing_ = failed.empty() ? std::nullopt : std::optional(failed);
    } catch (std::runtime_error const& error) {
        missing_ = error.what();
    }
}

OwnNetwork::~OwnNetwork() {
    if (home_ >= 0) {
        (void)::setns(home_, CLONE_NEWNET);
        ::close(home_);
    }
}

void OwnNetwork::swallow(std::uint16_t port) const {
    for (char const* const end : {"--dport", "--sport"}) {
        must("iptables",
             {"-w", "-A", "INPUT", "-p", "tcp", end, std::to_string(port), "-j", "DROP"});
    }
}

void OwnNetwork::let_through() const {
    must("iptables", {"-w", "-F", "INPUT"});
}

}  // namespace muster::e2e
