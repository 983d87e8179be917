#include <gtest/gtest.h>
#include <boost/asio/ip/address.hpp>

#include "tls_test.hpp"

namespace muster {
namespace {

using step::drip;
using step::reset;
using step::send;
using step::stay;

constexpr char const* kClosing =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

/// Handshakes that pass, and those that fail for another reason than the certificate.
class TlsHandshake : public TlsTest {
public:
    TlsHandshake() {
        Addresses const here{boost::asio::ip::address_v4::loopback()};
        resolver.set("good.example", here);
        resolver.set("one.wild.example", here);
    }

    /// What a probe sees of a server that does not speak TLS as it should.
    Outcome probe_scripted(ServerScript script, Millis timeout = 10s) {
        ScriptedServer other(loop.context());
        other.then(std::move(script));
        return probe_tls("https://127.0.0.1:" + std::to_string(other.port()) + "/", trusting(),
                         timeout);
    }
};

TEST_F(TlsHandshake, PassesAndTellsWhatItSaw) {
    TlsServer good_server(loop.context(), served(good()));
    good_server.answer({kClosing});
    auto const outcome = probe_tls(good_server.url(), trusting());
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.http_status, 200);
    EXPECT_GE(outcome.phases.connect, 0us);
    EXPECT_GT(outcome.phases.tls, 0us);
    EXPECT_GE(outcome.phases.first_byte, 0us);
    EXPECT_FALSE(outcome.tls_resumed);
    ASSERT_TRUE(outcome.certificate_expires.has_value());
    EXPECT_EQ(to_rfc3339(*outcome.certificate_expires), "2099-12-31T00:00:00.000Z");
    EXPECT_EQ(good_server.seen().front()->protocol, "http/1.1");
    EXPECT_EQ(good_server.seen().front()->version, "TLSv1.3");
}

TEST_F(TlsHandshake, SpeaksTls12) {
    TlsServer old(loop.context(), served(good(), TLS1_2_VERSION));
    old.answer({kClosing});
    EXPECT_EQ(probe_tls(old.url(), trusting()).verdict, Verdict::passed);
    EXPECT_EQ(old.seen().front()->version, "TLSv1.2");
}

TEST_F(TlsHandshake, NamesTheServerButNoAddress) {
    TlsServer good_server(loop.context(), served(good()));
    good_server.answer({kClosing});
    EXPECT_EQ(probe_tls(good_server.url("good.example"), trusting()).error, "");
    EXPECT_EQ(probe_tls(good_server.url("one.wild.example"), trusting()).error, "");
    EXPECT_EQ(probe_tls(good_server.url("127.0.0.1"), trusting()).error, "");
    auto named = trusting();
    named.server_name = "two.wild.example";
    EXPECT_EQ(probe_tls(good_server.url("127.0.0.1"), named).error, "");
    named.server_name = "bad.example";
    EXPECT_EQ(probe_tls(good_server.url("127.0.0.1"), named).error,
              "certificate is for good.example, *.wild.example, 127.0.0.1, not for bad.example");
    std::vector<std::string> names;
    for (auto const& seen : good_server.seen()) {
        names.push_back(seen->server_name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"good.example", "one.wild.example", "",
                                               "two.wild.example", ""}));
}

TEST_F(TlsHandshake, IsResumedByTheNextFreshConnection) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsServer good_server(loop.context(), served(good(), version));
        good_server.answer({kClosing});
        auto const probe = prepare_tls(good_server.url(), trusting());
        EXPECT_FALSE(run(*probe).tls_resumed) << version;
        auto const first = run(*probe);
        EXPECT_EQ(first.verdict, Verdict::passed) << first.error;
        EXPECT_TRUE(first.tls_resumed) << version;
        EXPECT_EQ(first.connection, ConnectionUse::fresh);
        EXPECT_TRUE(first.certificate_expires.has_value());
        auto const second = run(*probe);
        EXPECT_TRUE(second.tls_resumed) << version;
        EXPECT_TRUE(good_server.seen()[2]->resumed) << version;
    }
}

TEST_F(TlsHandshake, LooksAtTheCertificateAgainAfterAWhile) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsServer good_server(loop.context(), served(good(), version));
        good_server.answer({kClosing});
        auto const probe = prepare_tls(good_server.url(), trusting());
        EXPECT_FALSE(run(*probe).tls_resumed);
        moved_clock.by += 4min;
        EXPECT_TRUE(run(*probe).tls_resumed) << version;
        // What a resumed handshake brings is no newer look at the certificate.
        moved_clock.by += 2min;
        EXPECT_FALSE(run(*probe).tls_resumed) << version;
        EXPECT_TRUE(run(*probe).tls_resumed) << version;
    }
}

TEST_F(TlsHandshake, IsNotResumedOnceTheCertificateHasExpired) {
    Certificate const till_2060(
        {.name = "till 2060", .hosts = "IP:127.0.0.1", .to = "20600101000000Z"}, authority());
    TlsServer good_server(loop.context(), served(till_2060));
    good_server.answer({kClosing});
    auto const probe = prepare_tls(good_server.url(), trusting());
    auto const till = parse_rfc3339("2060-01-01T00:00:00Z").value() - clock.now().wall;
    moved_clock.by = till - 1min;
    EXPECT_EQ(run(*probe).error, "");
    EXPECT_TRUE(run(*probe).tls_resumed);
    moved_clock.by = till + 1min;
    EXPECT_EQ(run(*probe).error, "certificate expired on 2060-01-01");
}

TEST_F(TlsHandshake, SharesNoSessionBetweenDifferentOptions) {
    TlsServer good_server(loop.context(), served(good()));
    good_server.answer({kClosing});
    TlsOptions unverified;
    unverified.verify = false;
    auto const careless = prepare_tls(good_server.url(), unverified);
    EXPECT_EQ(run(*careless).error, "");
    EXPECT_TRUE(run(*careless).tls_resumed);
    auto named = trusting();
    named.server_name = "bad.example";
    auto const careful = prepare_tls(good_server.url(), named);
    EXPECT_NE(run(*careful).error, "");
}

TEST_F(TlsHandshake, TellsWhatElseAnswers) {
    auto const plain =
        probe_scripted({send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), stay()});
    EXPECT_EQ(plain.verdict, Verdict::failed);
    EXPECT_EQ(plain.error, "not TLS: HTTP/1.1 400 Bad Request");
    EXPECT_EQ(probe_scripted({send("SSH-2.0-OpenSSH_9.2\r\n"), stay()}).error,
              "not TLS: SSH-2.0-OpenSSH_9.2");
    EXPECT_EQ(probe_scripted({send(std::string("\x4a\0\0\0\x0a", 5)), stay()}).error,
              "not TLS: bytes that are no text");
}

TEST_F(TlsHandshake, OfTlsToAPlainServerIsToldByTheOtherSideToo) {
    TlsServer good_server(loop.context(), served(good()));
    auto const outcome = probe("http://127.0.0.1:" + std::to_string(good_server.port()) + "/");
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_FALSE(good_server.seen().front()->shaken);
}

TEST_F(TlsHandshake, TellsAnAlert) {
    // alert, TLS 1.2, two bytes: fatal, handshake_failure
    auto const outcome =
        probe_scripted({send(std::string("\x15\x03\x03\0\x02\x02\x28", 7)), stay()});
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error,
              "TLS handshake failed: the server answered with the alert handshake failure");
}

TEST_F(TlsHandshake, TellsGarbageInARecord) {
    auto const outcome = probe_scripted(
        {send(std::string("\x16\x03\x03\0\x04garb", 9)), send("age"), stay()}, 300ms);
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_TRUE(outcome.error.starts_with("TLS handshake failed: ")) << outcome.error;
}

TEST_F(TlsHandshake, TellsAnEnd) {
    auto const start_of_record = std::string("\x16\x03\x03\x10\0", 5);
    EXPECT_EQ(probe_scripted({send(start_of_record), reset()}).error,
              "TLS handshake failed: connection reset");
    EXPECT_EQ(probe_scripted({reset()}).error, "TLS handshake failed: connection reset");
}

TEST_F(TlsHandshake, TellsWhatTheServerRefuses) {
    TlsServer refusing(loop.context(), served(good()));
    SSL_CTX_set_cipher_list(refusing.native(), "ECDHE-RSA-AES128-GCM-SHA256");
    SSL_CTX_set_max_proto_version(refusing.native(), TLS1_2_VERSION);
    EXPECT_EQ(probe_tls(refusing.url(), trusting()).error,
              "TLS handshake failed: the server answered with the alert handshake failure");
}

TEST_F(TlsHandshake, EndsAtTheDeadline) {
    for (auto const& script :
         {ServerScript{stay()},
          ServerScript{
              drip(std::string("\x16\x03\x03\x10\0", 5) + std::string(4096, 'x'), 10ms)}}) {
        auto const outcome = probe_scripted(script, 100ms);
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        EXPECT_EQ(outcome.error, "timed out after 100 ms");
        EXPECT_EQ(outcome.note, "while in the TLS handshake");
        EXPECT_GE(outcome.response_time, 100ms);
        EXPECT_LT(outcome.response_time, 200ms);
        EXPECT_GE(outcome.phases.connect, 0us);
        EXPECT_EQ(outcome.phases.tls, Phases::kNone);
    }
}

TEST_F(TlsHandshake, IsCancelledAtOnce) {
    server.then({stay()});
    auto const one =
        prepare_tls("https://127.0.0.1:" + std::to_string(server.port()) + "/", trusting());
    one->start({.timeout = 10s}, observer, 7);
    run_until([this] { return server.accepted() == 1; });
    one->cancel();
    run_until([this] { return server.ended() == 1; });
    EXPECT_EQ(observer.count, 0U);
}

}  // namespace
}  // namespace muster
