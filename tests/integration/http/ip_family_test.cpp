#include <optional>
#include <string>

#include "probing_test.hpp"

namespace muster {
namespace {

namespace ip = boost::asio::ip;

struct HttpIpFamily : ProbingTest {
    HttpIpFamily() {
        resolver.set("both.example",
                     Addresses{ip::address_v6::loopback(), ip::address_v4::loopback()});
        resolver.set("four.example", Addresses{ip::address_v4::loopback()});
    }

    [[nodiscard]] static HttpProbeSpec to(std::string const& host, std::uint16_t port,
                                          IpFamily family) {
        HttpProbeSpec spec{parse_url("http://" + host + ":" + std::to_string(port) + "/").value()};
        spec.ip = family;
        return spec;
    }
};

TEST_F(HttpIpFamily, TriesOnlyAddressesOfTheFamilyAskedFor) {
    server.then(one_answer("200 OK"));
    EXPECT_EQ(run(*prepare(to("both.example", server.port(), IpFamily::v4))).verdict,
              Verdict::passed);
    EXPECT_EQ(run(*prepare(to("both.example", server.port(), IpFamily::any))).verdict,
              Verdict::passed);
    EXPECT_EQ(run(*prepare(to("localhost", server.port(), IpFamily::v4))).verdict, Verdict::passed);
    auto const outcome = run(*prepare(to("four.example", server.port(), IpFamily::v6)));
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "four.example has no IPv6 address");
    EXPECT_GE(outcome.phases.dns, 0us);
    EXPECT_EQ(server.accepted(), 3U);
}

TEST_F(HttpIpFamily, DoesNotShareConnectionsBetweenFamilies) {
    server.then({step::read_request(), step::send(std::string(kOk)), step::stay()});
    auto const four = prepare(to("both.example", server.port(), IpFamily::v4), true);
    auto const any = prepare(to("both.example", server.port(), IpFamily::any), true);
    EXPECT_EQ(run(*four).verdict, Verdict::passed);
    EXPECT_EQ(run(*any).connection, ConnectionUse::fresh);
}

TEST_F(HttpIpFamily, SpeaksToAnIpv6Literal) {
    std::optional<ScriptedServer> six;
    try {
        six.emplace(loop.context(), ip::address_v6::loopback());
    } catch (boost::system::system_error const&) {
        GTEST_SKIP() << "this machine has no ::1";
    }
    six->then(one_answer("200 OK"));
    EXPECT_EQ(run(*prepare(to("[::1]", six->port(), IpFamily::v6))).verdict, Verdict::passed);
    EXPECT_EQ(run(*prepare(to("localhost", six->port(), IpFamily::v6))).verdict, Verdict::passed);
    EXPECT_NE(six->requests().at(0).find("\r\nHost: [::1]:"), std::string::npos);
}

}  // namespace
}  // namespace muster
