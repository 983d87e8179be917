#include <muster/api/probe_question.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>

namespace muster {
namespace {

Result<ProbeQuestion> read(std::string const& query) {
    return read_probe_question(parse_target("/probe?" + query).value());
}

TEST(ProbeQuestion, IsTargetAndModule) {
    auto const http = read("target=http%3A%2F%2Fa.example%2Fx&module=http_2xx").value();
    EXPECT_EQ(http.spec, (InspectionSpec{InspectionModule::http_2xx, "http://a.example/x"}));
    EXPECT_FALSE(http.debug);
    auto const tcp = read("module=tcp_connect&target=a.example:25").value();
    EXPECT_EQ(tcp.spec, (InspectionSpec{InspectionModule::tcp_connect, "a.example:25"}));
}

TEST(ProbeQuestion, IsHttpByDefault) {
    EXPECT_EQ(read("target=a")->spec.module, InspectionModule::http_2xx);
    EXPECT_EQ(read("target=a&module=")->spec.module, InspectionModule::http_2xx);
}

TEST(ProbeQuestion, TakesTheFirstOfSeveralAndPassesOverOthers) {
    auto const question = read("target=a&target=b&label=c&debug=true&debug=false").value();
    EXPECT_EQ(question.spec.target, "a");
    EXPECT_TRUE(question.debug);
    EXPECT_FALSE(read("target=a&debug=1")->debug);
}

TEST(ProbeQuestion, MayNameAnotherHost) {
    EXPECT_EQ(read("target=192.0.2.1&hostname=b.example")->spec.hostname, "b.example");
    EXPECT_EQ(read("target=192.0.2.1&hostname=b.example:8443")->spec.hostname, "b.example:8443");
    // Of TCP nobody is told a name.
    EXPECT_EQ(read("target=a:1&module=tcp_connect&hostname=b")->spec.hostname, "");
}

TEST(ProbeQuestion, SaysWhatIsWrong) {
    EXPECT_EQ(read("module=http_2xx").error().message, "Target parameter is missing");
    EXPECT_EQ(read("target=").error().message, "Target parameter is missing");
    EXPECT_EQ(read("target=a&module=icmp").error().message,
              "Unknown module \"icmp\": there are http_2xx and tcp_connect");
    EXPECT_EQ(read("target=a&hostname=b%20c").error().message,
              "hostname must be a name, or name:port, not 'b c'");
}

TEST(ProbeTimeout, IsHalfASecondLessThanPrometheusWaits) {
    EXPECT_EQ(read_probe_timeout("10").value(), Millis(9'500));
    EXPECT_EQ(read_probe_timeout("2.5").value(), Millis(2'000));
    EXPECT_EQ(read_probe_timeout("1e1").value(), Millis(9'500));
}

TEST(ProbeTimeout, HasBounds) {
    for (auto const* longest : {"", "0", "120", "1e300", "inf"}) {
        EXPECT_EQ(read_probe_timeout(longest).value(), kLongestProbe) << longest;
    }
    for (auto const* shortest : {"0.5", "0.4", "1e-300"}) {
        EXPECT_EQ(read_probe_timeout(shortest).value(), Millis(1)) << shortest;
    }
}

TEST(ProbeTimeout, MustBeANumber) {
    for (auto const* wrong : {"abc", "-1", "nan", "10s", " 10", "1,5"}) {
        auto const refused = read_probe_timeout(wrong);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_EQ(refused.error().message,
                  "X-Prometheus-Scrape-Timeout-Seconds must be a number of seconds, not '" +
                      std::string(wrong) + "'");
    }
}

}  // namespace
}  // namespace muster
