#include <muster/sharding/placement.hpp>

#include <algorithm>
#include <array>
#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

ProbeSpec http(std::string const& url) {
    HttpProbeSpec spec;
    spec.url = parse_url(url).value();
    return spec;
}

TEST(Placement, OneShardHasAll) {
    EXPECT_EQ(shard_of(http("http://example.org/"), 1), 0U);
    EXPECT_EQ(shard_of(TcpProbeSpec{{"127.0.0.1", 25}}, 1), 0U);
}

/// The cap of a host is exact only where one shard has all of it.
TEST(Placement, AllOfAHostIsOnOneShard) {
    for (std::size_t shards = 2; shards <= 64; ++shards) {
        auto const shard = shard_of(http("http://shop.example/health"), shards);
        EXPECT_LT(shard, shards);
        EXPECT_EQ(shard_of(http("https://shop.example:8443/"), shards), shard);
        EXPECT_EQ(shard_of(TcpProbeSpec{{"shop.example", 5432}}, shards), shard);
        EXPECT_EQ(shard_of(TcpProbeSpec{{"shop.example", 5432}, IpFamily::v6}, shards), shard);
        EXPECT_EQ(shard_of(OwnProbeSpec{"smtp", "mail", "shop.example"}, shards), shard);
    }
}

TEST(Placement, ThisMachineIsSpreadByAuthority) {
    std::array<std::size_t, 4> on{};
    for (int port = 1; port <= 1'000; ++port) {
        auto const base = "http://127.0.0.1:" + std::to_string(port);
        auto const shard = shard_of(http(base + "/health"), on.size());
        EXPECT_EQ(shard_of(http(base + "/other"), on.size()), shard) << "connections are shared";
        ++on[shard];
    }
    EXPECT_GT(*std::min_element(on.begin(), on.end()), 200U);
}

TEST(Placement, HostsAreSpreadEvenly) {
    std::array<std::size_t, 2> on{};
    for (int host = 0; host < 2'000; ++host) {
        ++on[shard_of(http("http://host-" + std::to_string(host) + ".example/"), on.size())];
    }
    EXPECT_GT(*std::min_element(on.begin(), on.end()), 900U);
}

/// A service keeps its shard, and its connections, over restarts and versions.
TEST(Placement, IsStable) {
    EXPECT_EQ(shard_of(http("http://shop.example/"), 64),
              shard_of(http("http://shop.example/"), 64));
    std::string shards;
    for (auto const* host : {"a.example", "b.example", "c.example", "d.example", "e.example"}) {
        shards += std::to_string(shard_of(TcpProbeSpec{{host, 1}}, 4));
    }
    EXPECT_EQ(shards, "30322");
}

}  // namespace
}  // namespace muster
