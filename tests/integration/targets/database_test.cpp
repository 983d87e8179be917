#include <muster/tcp/tcp_prober.hpp>
#include <muster/testing/target_server.hpp>

#include "expected.hpp"

namespace muster {
namespace {

using testing::TargetServer;

/// Ports of databases, probed by TCP; and by HTTP, which is a mistake that gets a plain word.
struct DatabasePort : RealTarget {
    Outcome probe_tcp(TargetServer const& target) {
        auto const& [address, port] = target.place();
        auto const one = tcp.prepare(TcpProbeSpec{{address, port}}, false).value();
        return run(*one, 2s);
    }

    void expect_up_until_it_ends(TargetServer& target) {
        for (int count = 0; count < 100; ++count) {
            auto const up = probe_tcp(target);
            ASSERT_EQ(up.verdict, Verdict::passed) << up.error;
        }
        EXPECT_FALSE(target.process().has_ended()) << target.process().output();
        target.stop();
        auto const down = probe_tcp(target);
        EXPECT_EQ(down.verdict, Verdict::failed);
        EXPECT_EQ(down.error, "connection refused");
    }

    TcpProber tcp{loop, clock, resolver};
};

TEST_F(DatabasePort, OfRedis) {
    auto const redis = testing::start_redis();
    EXPECT_EQ(probe(redis->url()).error, "connection closed after 0 bytes");
    expect_up_until_it_ends(*redis);
}

TEST_F(DatabasePort, OfPostgres) {
    auto const postgres = testing::start_postgres();
    EXPECT_EQ(probe(postgres->url()).error, "connection closed after 0 bytes");
    expect_up_until_it_ends(*postgres);
}

}  // namespace
}  // namespace muster
