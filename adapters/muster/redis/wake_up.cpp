#include <muster/redis/wake_up.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace muster {

WakeUp::WakeUp() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

WakeUp::~WakeUp() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void WakeUp::tell() noexcept {
    constexpr std::uint64_t kOne = 1;
    told_ = true;
    (void)!::write(descriptor_, &kOne, sizeof kOne);
}

short poll_one(int socket, short events, int millis, WakeUp const* wake) noexcept {
    constexpr int kLongestDeaf = 100;
    if (wake != nullptr && wake->told()) {
        return 0;
    }
    int const other = wake == nullptr ? -1 : wake->descriptor_;
    bool const deaf = wake != nullptr && other < 0;
    std::array<pollfd, 2> waiting{pollfd{socket, events, 0}, pollfd{other, POLLIN, 0}};
    int const ready =
        ::poll(waiting.data(), waiting.size(), deaf ? std::min(millis, kLongestDeaf) : millis);
    return ready > 0 ? waiting[0].revents : short{0};
}

}  // namespace muster
