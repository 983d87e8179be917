#include <muster/tcp/failure.hpp>

#include <cerrno>

#include <gtest/gtest.h>

#include <muster/tcp/destination.hpp>
#include <muster/tcp/resolver.hpp>

namespace muster {
namespace {

TEST(ConnectFailure, BlamesTheTargetForWhatItDoes) {
    EXPECT_EQ(connect_failure(ECONNREFUSED).text, "connection refused");
    for (auto const error : {ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ETIMEDOUT}) {
        EXPECT_EQ(verdict_of(connect_failure(error)), Verdict::failed) << error;
    }
}

TEST(ConnectFailure, DoesNotBlameItForWhatWeLack) {
    for (auto const error : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, ENETUNREACH, ENETDOWN,
                             EAFNOSUPPORT, EACCES, EPERM}) {
        EXPECT_EQ(verdict_of(connect_failure(error)), Verdict::not_counted) << error;
        EXPECT_TRUE(connect_failure(error).text.starts_with("this machine")) << error;
    }
}

TEST(ConnectFailure, NamesWhatOfThisMachineFailsOrMay) {
    EXPECT_EQ(connect_failure(EMFILE).own, OwnFault::descriptors);
    EXPECT_EQ(connect_failure(ENETUNREACH).own, OwnFault::network);
    EXPECT_EQ(connect_failure(EHOSTUNREACH).own, OwnFault::network);
    EXPECT_EQ(connect_failure(EACCES).own, OwnFault::other);
    EXPECT_EQ(connect_failure(ECONNREFUSED).own, OwnFault::none);
    EXPECT_EQ(resolver_timeout_failure(5s).own, OwnFault::resolver);
    Outcome outcome;
    put_failure(outcome, connect_failure(EMFILE));
    EXPECT_EQ(outcome.verdict, Verdict::not_counted);
    EXPECT_EQ(outcome.own_fault, OwnFault::descriptors);
    EXPECT_EQ(outcome.error, "this machine has no descriptors left (not counted)");
}

TEST(Failures, SpeakTheContractsWords) {
    EXPECT_EQ(reset_failure(ECONNRESET, 12).text, "connection reset after 12 bytes");
    EXPECT_EQ(reset_failure(EPIPE, 0).text, "connection reset after 0 bytes");
    EXPECT_EQ(closed_failure(7).text, "connection closed after 7 bytes");
    EXPECT_EQ(timeout_failure(5s).text, "timed out after 5000 ms");
    EXPECT_EQ(name_failure("nowhere.example").text, "name not found: nowhere.example");
    EXPECT_EQ(no_address_failure("x.example").text, "name has no address: x.example");
    EXPECT_EQ(family_failure("x.example", IpFamily::v6).text, "x.example has no IPv6 address");
    EXPECT_EQ(family_unknown_failure("x.example", IpFamily::v4).text,
              "the name servers of this machine do not tell IPv4 addresses of x.example (not "
              "counted)");
    EXPECT_EQ(family_unknown_failure("x.example", IpFamily::v4).own, OwnFault::resolver);
    EXPECT_EQ(stale_name_note(42'900ms), "name from a stale answer, 42 s old");
}

TEST(Destination, KnowsAddressesByTheirSpelling) {
    auto const addresses = [](std::string_view host) {
        return make_destination(host, 80).addresses;
    };
    EXPECT_EQ(addresses("127.0.0.3").size(), 1U);
    EXPECT_EQ(addresses("::1").size(), 1U);
    EXPECT_TRUE(addresses("example.org").empty());
    EXPECT_TRUE(addresses("127.0.0.300").empty());
    auto const local = addresses("localhost");
    ASSERT_EQ(local.size(), 2U);
    EXPECT_EQ(local[0].to_string(), "127.0.0.1");
    EXPECT_EQ(local[1].to_string(), "::1");
    EXPECT_EQ(addresses("api.localhost").size(), 2U);
}

TEST(Destination, HasAddressesOfTheFamilyAskedFor) {
    auto const local = make_destination("localhost", 80, IpFamily::v6);
    ASSERT_EQ(local.addresses.size(), 1U);
    EXPECT_EQ(local.addresses[0].to_string(), "::1");
    EXPECT_EQ(local.ip, IpFamily::v6);
    EXPECT_EQ(make_destination("localhost", 80, IpFamily::v4).addresses[0].to_string(),
              "127.0.0.1");
    EXPECT_TRUE(check_family("::1", IpFamily::v6));
    EXPECT_TRUE(check_family("::1", IpFamily::any));
    EXPECT_TRUE(check_family("localhost", IpFamily::v6));
    EXPECT_TRUE(check_family("example.org", IpFamily::v6));
    EXPECT_EQ(check_family("127.0.0.1", IpFamily::v6).error().message,
              "127.0.0.1 is no IPv6 address");
    EXPECT_EQ(check_family("::1", IpFamily::v4).error().message, "::1 is no IPv4 address");
    EXPECT_EQ(family_failure("h.example", IpFamily::v6).text, "h.example has no IPv6 address");
    EXPECT_EQ(verdict_of(family_failure("h", IpFamily::v4)), Verdict::failed);
}

}  // namespace
}  // namespace muster
