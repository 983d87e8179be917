#include <muster/domain/probe_spec.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(ProbeSpec, OfHttpNamesItsUrlWithoutSecrets) {
    ProbeSpec const spec = HttpProbeSpec{parse_url("https://user:pw@Host/health?x=1").value()};
    EXPECT_EQ(kind_of(spec), "http");
    EXPECT_EQ(target_of(spec), "https://host/health?x=1");
    EXPECT_EQ(authority_of(spec), "https://host:443");
    EXPECT_EQ(host_of(spec), "host");
}

TEST(ProbeSpec, OfTcpNamesItsEndpoint) {
    ProbeSpec const spec = TcpProbeSpec{HostPort{"::1", 25}};
    EXPECT_EQ(kind_of(spec), "tcp");
    EXPECT_EQ(target_of(spec), "[::1]:25");
    EXPECT_EQ(authority_of(spec), "tcp://[::1]:25");
    EXPECT_EQ(host_of(spec), "::1");
}

TEST(ProbeSpec, AuthorityIsTheSameForAllPathsOfAServer) {
    ProbeSpec const left = HttpProbeSpec{parse_url("http://host/a").value()};
    ProbeSpec const right = HttpProbeSpec{parse_url("http://HOST:80/b").value()};
    ProbeSpec const other = HttpProbeSpec{parse_url("https://host:80/b").value()};
    EXPECT_EQ(authority_of(left), authority_of(right));
    EXPECT_NE(authority_of(left), authority_of(other));
}

}  // namespace
}  // namespace muster
