#include <muster/prober_set/prober_set.hpp>

#include <memory>

#include <gtest/gtest.h>

namespace muster {
namespace {

class Silent final : public Probe {
public:
    void start(ProbeRun const& /*run*/, ProbeObserver& /*observer*/,
               std::uint64_t /*token*/) override {}
    void cancel() override {}
};

class Counting final : public Prober {
public:
    Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& /*spec*/, bool reuse) override {
        ++prepared;
        reused = reuse;
        return std::make_unique<Silent>();
    }

    int prepared{0};
    bool reused{false};
};

TEST(ProberSet, HandsEachSpecToTheProberOfItsKind) {
    Counting http;
    Counting tcp;
    ProberSet set;
    set.add("http", http);
    set.add("tcp", tcp);
    EXPECT_TRUE(set.prepare(HttpProbeSpec{parse_url("http://a/").value()}, true).has_value());
    EXPECT_EQ(http.prepared, 1);
    EXPECT_TRUE(http.reused);
    EXPECT_TRUE(set.prepare(TcpProbeSpec{{"a", 1}}, false).has_value());
    EXPECT_EQ(tcp.prepared, 1);
    EXPECT_FALSE(tcp.reused);
}

TEST(ProberSet, HandsKindsOfOnesOwnToTheirProber) {
    Counting files;
    ProberSet set;
    set.add("file-age", files);
    EXPECT_TRUE(set.prepare(OwnProbeSpec{"file-age", "/backup/last"}, false).has_value());
    EXPECT_EQ(files.prepared, 1);
    auto const other = set.prepare(OwnProbeSpec{"smtp", "mail"}, false);
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().message, "probe kind not built: smtp");
}

TEST(ProberSet, RefusesAKindItDoesNotKnowByName) {
    ProberSet set;
    auto const probe = set.prepare(TcpProbeSpec{{"a", 1}}, false);
    ASSERT_FALSE(probe.has_value());
    EXPECT_EQ(probe.error().code, Errc::unsupported);
    EXPECT_EQ(probe.error().message, "probe kind not built: tcp");
}

}  // namespace
}  // namespace muster
