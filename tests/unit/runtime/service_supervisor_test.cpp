#include <muster/runtime/service_supervisor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster {
namespace {

/// The service manager's end: a datagram socket, by a path or an abstract name.
class ServiceManager {
public:
    explicit ServiceManager(std::string const& name)
        : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name.front() == '@') {
            address.sun_path[0] = '\0';
        }
        auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        bound_ = ::bind(descriptor_, reinterpret_cast<sockaddr const*>(&address), size) == 0;
    }
    ~ServiceManager() { ::close(descriptor_); }
    ServiceManager(ServiceManager const&) = delete;
    ServiceManager& operator=(ServiceManager const&) = delete;

    [[nodiscard]] bool bound() const { return bound_; }

    /// What has come since the last call.
    [[nodiscard]] std::vector<std::string> heard() const {
        std::vector<std::string> notices;
        std::array<char, 256> text{};
        for (;;) {
            auto const size = ::recv(descriptor_, text.data(), text.size(), MSG_DONTWAIT);
            if (size < 0) {
                return notices;
            }
            notices.emplace_back(text.data(), static_cast<std::size_t>(size));
        }
    }

private:
    int descriptor_;
    bool bound_{false};
};

using Notices = std::vector<std::string>;

constexpr std::int64_t kOwn = 4711;

class ServiceSupervisorTest : public ::testing::Test {
protected:
    testing::TemporaryFolder folder_;
    SimulatedLoop loop_;
};

TEST_F(ServiceSupervisorTest, WithoutAManagerNothingIsSaidAndNothingFails) {
    auto const supervision = read_supervision({"", "rubbish", ""}, kOwn);  // nobody's rubbish
    ASSERT_TRUE(supervision) << supervision.error().message;
    ServiceSupervisor supervisor(*supervision, loop_, loop_);
    EXPECT_TRUE(supervisor.ready("works"));
    EXPECT_TRUE(supervisor.stopping());
    EXPECT_EQ(loop_.waiting(), 0U);
}

TEST_F(ServiceSupervisorTest, ReadyAndStoppingReachTheManager) {
    auto const name = folder_ / "notify";
    ServiceManager const manager(name);
    ASSERT_TRUE(manager.bound());
    auto const supervision = read_supervision({name, "", ""}, kOwn);
    ASSERT_TRUE(supervision) << supervision.error().message;
    EXPECT_FALSE(supervision->life_sign);
    ServiceSupervisor supervisor(*supervision, loop_, loop_);
    EXPECT_EQ(manager.heard(), Notices{});
    ASSERT_TRUE(supervisor.ready("listening on 127.0.0.1:3001"));
    EXPECT_EQ(manager.heard(), Notices{"READY=1\nSTATUS=listening on 127.0.0.1:3001"});
    loop_.run_for(1h);
    EXPECT_EQ(manager.heard(), Notices{});  // nobody asked for signs of life
    ASSERT_TRUE(supervisor.stopping());
    EXPECT_EQ(manager.heard(), Notices{"STOPPING=1\nSTATUS=stopping"});
}

TEST_F(ServiceSupervisorTest, AnAbstractSocketIsFound) {
    auto const name = "@muster-test-" + std::to_string(::getpid());
    ServiceManager const manager(name);
    ASSERT_TRUE(manager.bound());
    ServiceSupervisor supervisor({name, std::nullopt}, loop_, loop_);
    ASSERT_TRUE(supervisor.ready("works"));
    EXPECT_EQ(manager.heard(), Notices{"READY=1\nSTATUS=works"});
}

TEST_F(ServiceSupervisorTest, SignsOfLifeComeThreeInTheTimeAllowedUntilTheEnd) {
    auto const name = folder_ / "notify";
    ServiceManager const manager(name);
    auto const supervision = read_supervision({name, "30000000", "4711"}, kOwn);
    ASSERT_TRUE(supervision) << supervision.error().message;
    ASSERT_EQ(supervision->life_sign, Micros(30s));
    {
        ServiceSupervisor supervisor(*supervision, loop_, loop_);
        loop_.run_for(1h);
        EXPECT_EQ(manager.heard(), Notices{});  // not before it is ready
        ASSERT_TRUE(supervisor.ready("works"));
        EXPECT_EQ(manager.heard(), (Notices{"WATCHDOG=1", "READY=1\nSTATUS=works"}));
        loop_.run_for(30s);
        EXPECT_EQ(manager.heard(), Notices(3, "WATCHDOG=1"));
        ASSERT_TRUE(supervisor.stopping());
        loop_.run_for(10s);
        EXPECT_EQ(manager.heard(), (Notices{"STOPPING=1\nSTATUS=stopping", "WATCHDOG=1"}));
        loop_.stand_still(60s);  // who hangs says nothing
        EXPECT_EQ(manager.heard(), Notices{});
    }
    loop_.run_for(1h);
    EXPECT_EQ(manager.heard(), Notices{});
}

TEST_F(ServiceSupervisorTest, ALimitOfAnotherProcessIsNotOurs) {
    auto const supervision = read_supervision({"/run/notify", "30000000", "1"}, kOwn);
    ASSERT_TRUE(supervision) << supervision.error().message;
    EXPECT_EQ(supervision->socket, "/run/notify");
    EXPECT_FALSE(supervision->life_sign);
}

TEST_F(ServiceSupervisorTest, ALimitOfAgesIsKeptAsAnHour) {
    auto const supervision = read_supervision({"/run/notify", "9223372036854775807", ""}, kOwn);
    ASSERT_TRUE(supervision) << supervision.error().message;
    EXPECT_EQ(supervision->life_sign, Micros(1h));
}

TEST_F(ServiceSupervisorTest, WhatCannotBeReadIsNamed) {
    EXPECT_EQ(read_supervision({"vsock:2:9999", "", ""}, kOwn).error().message,
              "NOTIFY_SOCKET is 'vsock:2:9999', neither a path from / nor an abstract name from @");
    for (auto const* wrong : {"0", "-1", "30s", " 1", "99999999999999999999"}) {
        auto const supervision = read_supervision({"/run/notify", wrong, ""}, kOwn);
        ASSERT_FALSE(supervision) << wrong;
        EXPECT_EQ(supervision.error().code, Errc::invalid);
        EXPECT_EQ(supervision.error().message,
                  "WATCHDOG_USEC is '" + std::string(wrong) + "', not a number above 0");
    }
    EXPECT_EQ(read_supervision({"/run/notify", "1", "me"}, kOwn).error().message,
              "WATCHDOG_PID is 'me', not a number above 0");
}

TEST_F(ServiceSupervisorTest, AManagerThatIsNotThereIsAnError) {
    ServiceSupervisor away({folder_ / "nobody", std::nullopt}, loop_, loop_);
    auto const told = away.ready("works");
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, Errc::unavailable);
    EXPECT_EQ(told.error().message, "the service manager at " + (folder_ / "nobody") +
                                        " takes no notice: No such file or directory");
    ServiceSupervisor long_name({'/' + std::string(200, 'x'), std::nullopt}, loop_, loop_);
    EXPECT_EQ(long_name.stopping().error().code, Errc::invalid);
}

}  // namespace
}  // namespace muster
