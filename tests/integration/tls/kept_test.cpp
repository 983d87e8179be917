#include <gtest/gtest.h>

#include <muster/tls/trusted_authorities.hpp>

#include "tls_test.hpp"

namespace muster {
namespace {

/// What happens on a TLS connection after its handshake.
class TlsConnection : public TlsTest {
public:
    TlsServer good_server{loop.context(), served(good())};
};

constexpr char const* kKept = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr char const* kUntilClose = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsome of it";
constexpr char const* kTooShort = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome of it";

TEST_F(TlsConnection, IsKeptAndUsedAgain) {
    good_server.answer({kKept});
    auto const probe = prepare_tls(good_server.url(), trusting(), true);
    EXPECT_EQ(run(*probe).connection, ConnectionUse::fresh);
    for (int round = 0; round < 3; ++round) {
        auto const outcome = run(*probe);
        EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
        EXPECT_EQ(outcome.connection, ConnectionUse::reused);
        EXPECT_EQ(outcome.phases.tls, Phases::kNone);
        EXPECT_TRUE(outcome.certificate_expires.has_value());
        EXPECT_FALSE(outcome.tls_resumed);
    }
    EXPECT_EQ(good_server.seen().size(), 1U);
    EXPECT_EQ(good_server.seen().front()->requests, 4U);
}

TEST_F(TlsConnection, IsNotSharedByOthersWhoTrustOtherwise) {
    good_server.answer({kKept});
    TlsOptions unverified;
    unverified.verify = false;
    auto const careless = prepare_tls(good_server.url(), unverified, true);
    auto const careful = prepare_tls(good_server.url(), trusting(), true);
    EXPECT_EQ(run(*careless).connection, ConnectionUse::fresh);
    EXPECT_EQ(run(*careful).connection, ConnectionUse::fresh);
    EXPECT_EQ(run(*careless).connection, ConnectionUse::reused);
    EXPECT_EQ(run(*careful).connection, ConnectionUse::reused);
    EXPECT_EQ(good_server.seen().size(), 2U);
}

TEST_F(TlsConnection, ThatThePeerClosesWhileIdleIsNoticedAtOnce) {
    for (auto const then : {TlsAnswer::Then::close, TlsAnswer::Then::cut}) {
        TlsServer closing(loop.context(), served(good()));
        closing.answer({kKept, then});
        auto const probe = prepare_tls(closing.url(), trusting(), true);
        EXPECT_EQ(run(*probe).verdict, Verdict::passed);
        run_until([this] { return tls_client.idle_connections() == 0; });
        auto const next = run(*probe);
        EXPECT_EQ(next.verdict, Verdict::passed) << next.error;
        EXPECT_TRUE(next.tls_resumed);
        run_until([this] { return tls_client.idle_connections() == 0; });
    }
}

TEST_F(TlsConnection, SaysGoodbye) {
    good_server.answer({kKept});
    EXPECT_EQ(probe_tls(good_server.url(), trusting()).verdict, Verdict::passed);
    run_until([this] { return good_server.seen().front()->said_goodbye; });
    {
        auto const probe = prepare_tls(good_server.url(), trusting(), true);
        EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    }
    run_until([this] { return good_server.seen()[1]->said_goodbye; });
}

TEST_F(TlsConnection, CarriesAnswersOfManyRecords) {
    std::string const body(300'000, 'x');
    good_server.answer({"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body});
    auto const probe = prepare_tls(good_server.url(), trusting(), true);
    for (int round = 0; round < 3; ++round) {
        auto const outcome = run(*probe);
        EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    }
    EXPECT_EQ(good_server.seen().size(), 1U);
}

TEST_F(TlsConnection, ThatIsCutWithinTheBodyFails) {
    for (auto const then : {TlsAnswer::Then::close, TlsAnswer::Then::cut}) {
        TlsServer cutting(loop.context(), served(good()));
        cutting.answer({kTooShort, then});
        auto const outcome = probe_tls(cutting.url(), trusting());
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        EXPECT_EQ(outcome.error, "connection closed after 50 bytes");
        EXPECT_EQ(outcome.http_status, 200);
    }
    TlsServer resetting(loop.context(), served(good()));
    resetting.answer({kTooShort, TlsAnswer::Then::reset});
    auto const outcome = probe_tls(resetting.url(), trusting());
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    // A reset may overtake the bytes before it.
    EXPECT_TRUE(outcome.error.starts_with("connection reset after ")) << outcome.error;
}

/// RFC 9112 section 9.8.
TEST_F(TlsConnection, WithoutCloseNotifyMattersOnlyToABodyOfUnknownLength) {
    TlsServer proper(loop.context(), served(good()));
    proper.answer({kUntilClose, TlsAnswer::Then::close});
    EXPECT_EQ(probe_tls(proper.url(), trusting()).error, "");
    TlsServer cutting(loop.context(), served(good()));
    cutting.answer({kUntilClose, TlsAnswer::Then::cut});
    EXPECT_EQ(probe_tls(cutting.url(), trusting()).error,
              "connection closed after 48 bytes without TLS close_notify: the answer may be cut");
    TlsServer sized(loop.context(), served(good()));
    sized.answer({kKept, TlsAnswer::Then::cut});
    EXPECT_EQ(probe_tls(sized.url(), trusting()).error, "");
}

TEST_F(TlsConnection, IsJudgedByTheAuthoritiesThatTheFileHoldsNow) {
    Certificate const rotated({.name = "Rotated Root", .hosts = {}, .is_authority = true});
    Certificate const renewed({.name = "renewed", .hosts = "IP:127.0.0.1"}, rotated);
    TlsServer renewed_server(loop.context(), served(renewed));
    renewed_server.answer({kKept});
    good_server.answer({kKept});
    auto const of_good = prepare_tls(good_server.url(), trusting());
    auto const of_renewed = prepare_tls(renewed_server.url(), trusting());
    EXPECT_EQ(run(*of_good).verdict, Verdict::passed);
    EXPECT_TRUE(run(*of_good).tls_resumed);
    EXPECT_EQ(run(*of_renewed).verdict, Verdict::failed);

    write_file(folder.path() / "ca.pem", rotated.pem() + "\n");
    moved_clock.by += TrustedAuthorities::kLookEvery;
    auto const now_trusted = run(*of_renewed);
    EXPECT_EQ(now_trusted.verdict, Verdict::passed) << now_trusted.error;
    EXPECT_EQ(run(*of_good).verdict, Verdict::failed) << "not by a session of before either";

    write_file(folder.path() / "ca.pem", "half of it");
    moved_clock.by += TrustedAuthorities::kLookEvery;
    EXPECT_EQ(run(*of_renewed).verdict, Verdict::passed) << "what cannot be read changes nothing";
}

}  // namespace
}  // namespace muster
