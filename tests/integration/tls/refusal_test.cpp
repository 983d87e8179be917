#include <gtest/gtest.h>

#include "tls_test.hpp"

namespace muster {
namespace {

/// Certificates that are not to be trusted, each told in plain words.
class TlsRefusal : public TlsTest {
public:
    static void expect_refused(Outcome const& outcome, std::string const& error) {
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        EXPECT_EQ(outcome.error, error);
        EXPECT_EQ(outcome.http_status, 0);
        EXPECT_EQ(outcome.note, "");
    }

    /// Refused for a reason, and passed by who does not want to verify.
    void expect_refused_unless_unverified(TlsServer::Options const& offer,
                                          std::string const& error) {
        expect_refused(probe_served(offer, trusting()), error);
        TlsOptions unverified;
        unverified.verify = false;
        auto const outcome = probe_served(offer, unverified);
        EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
        EXPECT_TRUE(outcome.certificate_expires.has_value());
    }
};

TEST_F(TlsRefusal, OfAnExpiredCertificate) {
    Certificate const expired({.name = "expired",
                               .hosts = "IP:127.0.0.1",
                               .from = "20190101000000Z",
                               .to = "20200102120000Z"},
                              authority());
    expect_refused_unless_unverified(served(expired), "certificate expired on 2020-01-02");
    auto const outcome = probe_served(served(expired), trusting());
    ASSERT_TRUE(outcome.certificate_expires.has_value());
    EXPECT_EQ(to_rfc3339(*outcome.certificate_expires), "2020-01-02T12:00:00.000Z");
}

TEST_F(TlsRefusal, OfACertificateFromTheFuture) {
    Certificate const early({.name = "early", .hosts = "IP:127.0.0.1", .from = "20970304000000Z"},
                            authority());
    expect_refused_unless_unverified(served(early), "certificate is not valid before 2097-03-04");
}

TEST_F(TlsRefusal, JudgesByTheClockItWasGiven) {
    Certificate const till_2060(
        {.name = "till 2060", .hosts = "IP:127.0.0.1", .to = "20600101000000Z"}, authority());
    EXPECT_EQ(probe_served(served(till_2060), trusting()).verdict, Verdict::passed);
    moved_clock.by = std::chrono::days(365 * 50);
    expect_refused(probe_served(served(till_2060), trusting()),
                   "certificate expired on 2060-01-01");
}

TEST_F(TlsRefusal, OfASelfSignedCertificate) {
    Certificate const alone({.name = "alone", .hosts = "IP:127.0.0.1"});
    expect_refused_unless_unverified(served(alone), "certificate is self-signed");
}

TEST_F(TlsRefusal, OfACertificateForAnotherHost) {
    Certificate const other({.name = "other", .hosts = "DNS:a.example,DNS:b.example"}, authority());
    expect_refused_unless_unverified(served(other),
                                     "certificate is for a.example, b.example, not for 127.0.0.1");
    Certificate const many(
        {.name = "many", .hosts = "DNS:a.example,IP:127.0.0.2,IP:::1,DNS:d.example,DNS:e.example"},
        authority());
    expect_refused(probe_served(served(many), trusting()),
                   "certificate is for a.example, 127.0.0.2, ::1 and 2 more, not for 127.0.0.1");
    Certificate const old({.name = "old.example", .hosts = {}}, authority());
    expect_refused(probe_served(served(old), trusting()),
                   "certificate is for old.example, not for 127.0.0.1");
}

TEST_F(TlsRefusal, OfAnUnknownAuthority) {
    Certificate const stranger({.name = "Strange Root", .hosts = {}, .is_authority = true});
    Certificate const between({.name = "Strange Between", .hosts = {}, .is_authority = true},
                              stranger);
    Certificate const leaf({.name = "leaf", .hosts = "IP:127.0.0.1"}, between);
    auto offer = served(leaf);
    offer.chain += between.pem() + stranger.pem();
    expect_refused_unless_unverified(offer, "unknown authority: Strange Root");
    offer.chain = leaf.pem() + between.pem();  // the root need not be sent
    expect_refused_unless_unverified(offer, "unknown authority: Strange Root");
}

TEST_F(TlsRefusal, OfAnIncompleteChain) {
    Certificate const between({.name = "Test Between", .hosts = {}, .is_authority = true},
                              authority());
    Certificate const leaf(
        {.name = "leaf", .hosts = "IP:127.0.0.1", .issuer_at = "http://ca.example/between.crt"},
        between);
    expect_refused_unless_unverified(served(leaf),
                                     "certificate chain is incomplete: Test Between was not sent");
    auto whole = served(leaf);
    whole.chain += between.pem();
    EXPECT_EQ(probe_served(whole, trusting()).verdict, Verdict::passed);
    Certificate const silent({.name = "leaf", .hosts = "IP:127.0.0.1"}, between);
    expect_refused_unless_unverified(
        served(silent), "certificate chain is incomplete, or unknown authority: Test Between");
}

TEST_F(TlsRefusal, OfAnExpiredAuthority) {
    Certificate const between(
        {.name = "Old Between", .hosts = {}, .to = "20210102000000Z", .is_authority = true},
        authority());
    Certificate const leaf({.name = "leaf", .hosts = "IP:127.0.0.1"}, between);
    auto offer = served(leaf);
    offer.chain += between.pem();
    expect_refused_unless_unverified(
        offer, "certificate of the authority Old Between expired on 2021-01-02");
}

TEST_F(TlsRefusal, TrustsTheSystemsAuthoritiesByDefault) {
    expect_refused(probe_served(served(good()), {}),
                   "certificate chain is incomplete, or unknown authority: Muster Test Root");
}

TEST_F(TlsRefusal, OfAFileWithoutAuthorities) {
    TlsOptions wanted;
    wanted.ca_file = folder / "missing.pem";
    HttpProbeSpec spec;
    spec.url = parse_url("https://127.0.0.1/").value();
    spec.tls = wanted;
    auto const missing = https.prepare(spec, false);
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().code, Errc::invalid);
    EXPECT_NE(missing.error().message.find("missing.pem"), std::string::npos);
    write_file(folder.path() / "text.pem", "no certificates here\n");
    spec.tls.ca_file = folder / "text.pem";
    EXPECT_FALSE(https.prepare(spec, false).has_value());
}

}  // namespace
}  // namespace muster
