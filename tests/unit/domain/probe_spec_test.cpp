#include <muster/domain/probe_spec.hpp>

#include <set>
#include <string>
#include <vector>

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

TEST(ProbeSpec, OfAKindOfOnesOwnIsWhatItSays) {
    OwnProbeSpec own{"file-age", "/backup/last", {}, {{"password", "hidden"}}};
    EXPECT_EQ(kind_of(own), "file-age");
    EXPECT_EQ(target_of(own), "/backup/last");
    EXPECT_EQ(host_of(own), "");
    auto other = own;
    other.settings["password"] = "another";
    EXPECT_NE(authority_of(own), authority_of(other));
}

TEST(ProbeSpec, IsRemoteWhenItAsksAnotherMachine) {
    EXPECT_TRUE(is_remote(TcpProbeSpec{HostPort{"db.example", 5432}}));
    EXPECT_FALSE(is_remote(TcpProbeSpec{HostPort{"127.0.0.1", 5432}}));
    EXPECT_FALSE(is_remote(OwnProbeSpec{"file-age", "/backup/last"}));
    EXPECT_TRUE(is_remote(OwnProbeSpec{"smtp", "mail", "mail.example"}));
}

TEST(ProbeSpec, AuthorityIsTheSameForAllPathsOfAServer) {
    ProbeSpec const left = HttpProbeSpec{parse_url("http://host/a").value()};
    ProbeSpec const right = HttpProbeSpec{parse_url("http://HOST:80/b").value()};
    ProbeSpec const other = HttpProbeSpec{parse_url("https://host:80/b").value()};
    EXPECT_EQ(authority_of(left), authority_of(right));
    EXPECT_NE(authority_of(left), authority_of(other));
}

TEST(ProbeSpec, AuthorityIsAnotherByTlsOptionsAndAddresses) {
    HttpProbeSpec const plain{parse_url("https://host/").value()};
    std::vector<HttpProbeSpec> specs(5, plain);
    specs[1].tls.verify = false;
    specs[2].tls.server_name = "a";
    specs[3].tls.ca_file = "a";
    specs[4].ip = IpFamily::v6;
    std::set<std::string> authorities;
    for (auto const& spec : specs) {
        authorities.insert(authority_of(spec));
    }
    EXPECT_EQ(authorities.size(), specs.size());
    EXPECT_EQ(authority_of(specs[4]), "https://host:443\nip 6");
    auto http = specs[1];
    http.url = parse_url("http://host/").value();
    EXPECT_EQ(authority_of(http), "http://host:80") << "which has no TLS";
    TcpProbeSpec const tcp{HostPort{"host", 25}, IpFamily::v4};
    EXPECT_EQ(authority_of(tcp), "tcp://host:25\nip 4");
}

}  // namespace
}  // namespace muster
