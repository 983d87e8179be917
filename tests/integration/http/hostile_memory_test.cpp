// Memory under attack: many probes at once, all of them flooded or held up, cost a bounded number
// of bytes each, and leave less behind. A program of its own: its operator new counts. The servers
// are a process of their own and cost nothing here.

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "hostile_answers.hpp"
#include "probing_test.hpp"

namespace {

std::size_t g_live = 0;
std::size_t g_peak = 0;

}  // namespace

// NOLINTBEGIN(cppcoreguidelines-no-malloc): below operator new there is only malloc
void* operator new(std::size_t size) {
    if (void* const memory = std::malloc(size)) {
        g_live += ::malloc_usable_size(memory);
        g_peak = std::max(g_peak, g_live);
        return memory;
    }
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    g_live -= ::malloc_usable_size(memory);
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    operator delete(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace muster {
namespace {

constexpr std::size_t kProbes = 50;

class HostileChild {
public:
    explicit HostileChild(ServerScript script) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) {
            throw std::runtime_error("no pipe");
        }
        process_ = ::fork();
        if (process_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            boost::asio::io_context context;
            ScriptedServer server(context);
            server.then(std::move(script));
            auto const port = server.port();
            if (::write(ends[1], &port, sizeof port) == sizeof port) {
                context.run();
            }
            ::_exit(0);
        }
        if (::read(ends[0], &port_, sizeof port_) != sizeof port_) {
            throw std::runtime_error("no server");
        }
        ::close(ends[0]);
        ::close(ends[1]);
    }
    ~HostileChild() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    HostileChild(HostileChild const&) = delete;
    HostileChild& operator=(HostileChild const&) = delete;

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/health";
    }

private:
    pid_t process_{-1};
    std::uint16_t port_{0};
};

/// Of one exchange in flight: a line of up to 64 KiB and a body of up to 64 KiB, which may both
/// have grown by doubling; and once it is idle.
constexpr std::size_t kMaxInFlight = 280U * 1024U;
constexpr std::size_t kMaxIdle = 72U * 1024U;

struct Told final : ProbeObserver {
    void probed(std::uint64_t /*token*/, Outcome /*outcome*/) override { ++count; }
    std::size_t count{0};
};

void expect_bounded(HostileServer& hostile, Millis timeout) {
    HostileChild const child(std::move(hostile.script));
    Loop loop;
    SystemClock clock;
    FixedResolver resolver(loop);
    HttpClient client(loop, clock, resolver);
    HttpProber prober(client);
    std::vector<std::unique_ptr<Probe>> probes;
    Told told;
    for (std::size_t index = 0; index < kProbes; ++index) {
        probes.push_back(
            prober.prepare(HttpProbeSpec{parse_url(child.url()).value()}, true).value());
    }
    auto const before = g_live;
    g_peak = g_live;
    for (auto const& probe : probes) {
        probe->start({.timeout = timeout, .fresh = false}, told, 0);
    }
    while (told.count < kProbes) {
        loop.context().run_one();
    }
    EXPECT_LT(g_peak - before, kProbes * kMaxInFlight) << hostile.name;
    EXPECT_LT(g_live - before, kProbes * kMaxIdle) << hostile.name;
}

TEST(HostileMemory, CountsAtAll) {
    auto const before = g_live;
    auto const some = std::make_unique<std::array<char, 100'000>>();
    EXPECT_GE(g_live - before, some->size());
    EXPECT_GE(g_peak, g_live);
}

TEST(HostileMemory, OfFloodsIsBounded) {
    for (auto& flood : floods()) {
        expect_bounded(flood, 2s);
    }
}

TEST(HostileMemory, OfStallsIsBounded) {
    for (auto& stall : stalls()) {
        expect_bounded(stall, 300ms);
    }
}

}  // namespace
}  // namespace muster
