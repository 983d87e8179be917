#include <cli/client/interrupt.hpp>

#include <algorithm>
#include <csignal>
#include <limits>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace muster {

int poll_timeout(Millis time) noexcept {
    constexpr Millis kMost{std::numeric_limits<int>::max()};
    return static_cast<int>(std::clamp(time, Millis(0), kMost).count());
}

Interrupt::Interrupt() {
    sigset_t ends;
    ::sigemptyset(&ends);
    ::sigaddset(&ends, SIGINT);
    ::sigaddset(&ends, SIGTERM);
    descriptor_ = ::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ >= 0) {
        ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    }
}

Interrupt::~Interrupt() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

bool Interrupt::wait(Millis time) const {
    // Never read: what is pending stays so, and every later wait sees it too.
    pollfd entry{descriptor_, POLLIN, 0};
    return ::poll(&entry, 1, poll_timeout(time)) > 0 && (entry.revents & POLLIN) != 0;
}

}  // namespace muster
