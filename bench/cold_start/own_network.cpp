#include "own_network.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

namespace muster::bench {
namespace {

[[noreturn]] void give_up(std::string const& what) {
    throw std::system_error(errno, std::generic_category(), "a network of our own: " + what);
}

void bring_up_loopback() {
    auto const socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::memcpy(request.ifr_name, "lo", 3);
    request.ifr_flags = IFF_UP;
    bool const is_up = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
    ::close(socket);
    if (!is_up) {
        give_up("the loopback device");
    }
}

}  // namespace

void enter_own_network() {
    auto const user = ::geteuid();
    auto const group = ::getegid();
    int const wanted = CLONE_NEWNS | CLONE_NEWNET | (user == 0 ? 0 : CLONE_NEWUSER);
    if (::unshare(wanted) != 0) {
        give_up("unshare");
    }
    if (user != 0) {
        // We are root in there.
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
        std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    }
    bring_up_loopback();
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        give_up("mounts");
    }
    std::string file = "/tmp/bench-resolv-XXXXXX";
    auto const descriptor = ::mkstemp(file.data());
    if (descriptor < 0) {
        give_up("a file");
    }
    ::close(descriptor);
    std::ofstream(file) << "nameserver 127.0.0.1\n";
    auto const is_there = ::mount(file.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) == 0;
    ::unlink(file.c_str());
    if (!is_there) {
        give_up("resolv.conf");
    }
}

}  // namespace muster::bench
