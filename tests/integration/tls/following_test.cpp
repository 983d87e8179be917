// Redirects to and from https, and what is said of a certificate that ends soon.

#include <string>

#include "tls_test.hpp"

namespace muster {
namespace {

struct TlsFollowing : TlsTest {
    TlsFollowing() {
        moved_clock.by = std::chrono::floor<Millis>(
                             parse_rfc3339("2099-12-31T00:00:00.000Z").value() - clock.now().wall) -
                         24h * 60;
    }

    Outcome follow(std::string const& url) {
        HttpProbeSpec spec{parse_url(url).value()};
        spec.tls = trusting();
        spec.redirects = 1;
        auto const probe = https.prepare(spec, false).value();
        return run(*probe);
    }

    TlsServer tls_server{loop.context(), served(good())};
};

TEST_F(TlsFollowing, GoesFromHttpToHttps) {
    server.then(one_answer("301 Moved", "Location: " + tls_server.url() + "\r\n"));
    tls_server.answer({std::string(kOk)});
    auto const outcome = follow(server.url());
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    EXPECT_GE(outcome.phases.tls, 0us);
    EXPECT_TRUE(outcome.certificate_expires.has_value());
    EXPECT_EQ(outcome.note, "");
}

TEST_F(TlsFollowing, GoesFromHttpsToHttpAndRemembersTheCertificate) {
    tls_server.answer(
        {"HTTP/1.1 302 Found\r\nLocation: " + server.url() + "\r\nContent-Length: 0\r\n\r\n"});
    server.then(one_answer("200 OK"));
    auto const outcome = follow(tls_server.url());
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    EXPECT_TRUE(outcome.certificate_expires.has_value());
}

TEST_F(TlsFollowing, TellsARefusalBehindARedirect) {
    Certificate const stranger({.name = "stranger", .hosts = "IP:127.0.0.1"});
    TlsServer other(loop.context(), served(stranger));
    server.then(one_answer("301 Moved", "Location: " + other.url() + "\r\n"));
    auto const outcome = follow(server.url());
    EXPECT_EQ(outcome.error, "certificate is self-signed");
    EXPECT_TRUE(outcome.note.starts_with("after 1 redirect, at https://127.0.0.1:"))
        << outcome.note;
}

TEST_F(TlsFollowing, NotesACertificateInItsLastFortnight) {
    tls_server.answer({std::string(kOk)});
    EXPECT_EQ(follow(tls_server.url()).note, "");
    moved_clock.by += 24h * 54 - 1h;
    auto const soon = follow(tls_server.url());
    EXPECT_EQ(soon.verdict, Verdict::passed);
    EXPECT_EQ(soon.note, "certificate expires in 6 days");

    moved_clock.by += 24h * 9;
    auto const refused = follow(tls_server.url());
    EXPECT_NE(refused.error.find("expired on 2099-12-31"), std::string::npos) << refused.error;
    EXPECT_EQ(refused.note, "");
    HttpProbeSpec spec{parse_url(tls_server.url()).value()};
    spec.tls.verify = false;
    auto const unverified = https.prepare(spec, false).value();
    auto const passed = run(*unverified);
    EXPECT_EQ(passed.verdict, Verdict::passed) << passed.error;
    EXPECT_EQ(passed.note, "certificate expired 2 days ago");
}

}  // namespace
}  // namespace muster
