#include <cli/client/hub_client.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace muster {
namespace {

/// While it lives no file can be opened.
class NoDescriptorLeft {
public:
    NoDescriptorLeft() {
        EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
        auto limit = before_;
        int const free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        EXPECT_GE(free, 0);
        ::close(free);
        limit.rlim_cur = static_cast<rlim_t>(free);
        EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    ~NoDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoDescriptorLeft(NoDescriptorLeft const&) = delete;
    NoDescriptorLeft& operator=(NoDescriptorLeft const&) = delete;

private:
    struct rlimit before_ {};
};

TEST(HubClient, SaysThatNoDescriptorIsLeftInsteadOfWaitingForEver) {
    HubClient const client({parse_url("http://127.0.0.1:1").value(), {}, 50ms});
    // Asked once before, for UBSan looks at each kind of object through a pipe the first time.
    Result<std::string> answer = client.get("/api/version");
    {
        NoDescriptorLeft const none;
        answer = client.get("/api/version");
    }
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::unavailable);
    EXPECT_EQ(answer.error().message,
              "cannot ask http://127.0.0.1:1/: this process has too many files open (ulimit -n)");
}

}  // namespace
}  // namespace muster
