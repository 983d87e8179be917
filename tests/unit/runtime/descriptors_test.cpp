#include <muster/runtime/descriptors.hpp>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace muster {
namespace {

TEST(Descriptors, AreSharedByIdleConnectionsProbesAndClients) {
    auto const here = shares_of(20'000, 2'000);
    EXPECT_EQ(here.idle_connections, 10'000U) << "one to each of 10,000 authorities";
    EXPECT_EQ(here.clients, 7'744U);
    EXPECT_EQ(shares_of(1'048'576, 2'000).clients, 10'000U);
}

TEST(Descriptors, LeaveClientsAQuarterHoweverManyProbesThereMayBe) {
    auto const few = shares_of(1'024, 2'000);
    EXPECT_EQ(few.idle_connections, 512U);
    EXPECT_EQ(few.clients, 256U);
}

TEST(Descriptors, AreAllTaken) {
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    auto fewer = before;
    fewer.rlim_cur = 64;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &fewer), 0);
    EXPECT_EQ(descriptor_limit(), 64U);
    take_all_descriptors();
    EXPECT_EQ(descriptor_limit(), std::min<std::size_t>(before.rlim_max, 1'048'576));
    ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace muster
