#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include <muster/http/net_inspector.hpp>

#include "tls_test.hpp"

namespace muster {
namespace {

/// The inspector trusts whom the system trusts: here, the authority of the tests.
struct TlsInspection : TlsTest {
    TlsInspection() { setenv("SSL_CERT_FILE", (folder / "ca.pem").c_str(), 1); }
    ~TlsInspection() override { unsetenv("SSL_CERT_FILE"); }
    TlsInspection(TlsInspection const&) = delete;
    TlsInspection& operator=(TlsInspection const&) = delete;

    Findings get(std::string const& target, std::string hostname = {}) {
        std::optional<Findings> found;
        auto const under_way =
            inspector.inspect({InspectionModule::http_2xx, target, std::move(hostname)}, 10s,
                              [&found](Findings findings) { found = std::move(findings); });
        run_until([&found] { return found.has_value(); });
        return *found;
    }

    NetInspector inspector{loop, clock, resolver};
};

TEST_F(TlsInspection, TellsVersionAndCertificate) {
    TlsServer good_server(loop.context(), served(good()));
    good_server.answer({std::string(kOk)});
    auto const findings = get(good_server.url());
    EXPECT_TRUE(findings.passed) << findings.error;
    ASSERT_TRUE(findings.tls);
    auto const& tls = *findings.tls;
    EXPECT_EQ(tls.version, "TLS 1.3");
    EXPECT_EQ(tls.subject, "CN=good");
    EXPECT_EQ(tls.issuer, "CN=Muster Test Root");
    EXPECT_EQ(tls.alternative_names, "good.example,*.wild.example");
    EXPECT_EQ(tls.fingerprint.size(), 64U);
    EXPECT_EQ(tls.earliest_expiry, parse_rfc3339("2099-12-31T00:00:00Z").value());
    EXPECT_EQ(tls.chain_expiry, tls.earliest_expiry);
    EXPECT_NE(findings.http->phases.tls, Phases::kNone);
    EXPECT_EQ(good_server.seen().at(0)->server_name, "");
}

TEST_F(TlsInspection, TellsAnOlderVersion) {
    TlsServer old_server(loop.context(), served(good(), TLS1_2_VERSION));
    old_server.answer({std::string(kOk)});
    EXPECT_EQ(get(old_server.url()).tls.value().version, "TLS 1.2");
}

TEST_F(TlsInspection, ShakesHandsInFullEachTime) {
    TlsServer good_server(loop.context(), served(good()));
    good_server.answer({std::string(kOk)});
    for (int round = 0; round < 3; ++round) {
        EXPECT_TRUE(get(good_server.url()).tls.value().chain_expiry);
    }
    for (auto const& seen : good_server.seen()) {
        EXPECT_FALSE(seen->resumed);
    }
    EXPECT_EQ(good_server.seen().size(), 3U);
}

TEST_F(TlsInspection, ExpectsTheNameThatWasAskedFor) {
    TlsServer good_server(loop.context(), served(good()));
    good_server.answer({std::string(kOk)});
    resolver.set("good.example", Addresses{boost::asio::ip::make_address("127.0.0.1")});
    resolver.set("bad.example", Addresses{boost::asio::ip::make_address("127.0.0.1")});
    EXPECT_TRUE(get(good_server.url("good.example")).passed);
    EXPECT_EQ(good_server.seen().at(0)->server_name, "good.example");
    auto const wrong = get(good_server.url("bad.example"));
    EXPECT_FALSE(wrong.passed);
    EXPECT_EQ(wrong.error,
              "certificate is for good.example, *.wild.example, 127.0.0.1, not for bad.example");
    EXPECT_TRUE(get(good_server.url("bad.example"), "a.wild.example").passed);
    EXPECT_EQ(good_server.seen().at(2)->server_name, "a.wild.example");
}

TEST_F(TlsInspection, TellsNothingOfACertificateThatItRefused) {
    TlsServer alone(loop.context(),
                    served(Certificate({.name = "alone", .hosts = "IP:127.0.0.1"})));
    alone.answer({std::string(kOk)});
    auto const findings = get(alone.url());
    EXPECT_FALSE(findings.passed);
    EXPECT_EQ(findings.error, "certificate is self-signed");
    EXPECT_EQ(findings.http->status, 0);
    EXPECT_FALSE(findings.tls);
}

TEST_F(TlsInspection, TellsTheLastConnectionOnly) {
    TlsServer good_server(loop.context(), served(good()));
    good_server.answer(
        {"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + server.url("/") + "\r\n\r\n"});
    TlsServer last(loop.context(), served(good()));
    last.answer({std::string(kOk)});
    server.then(one_answer("200 OK"));
    server.then(one_answer("302 Found", "Location: " + last.url() + "\r\n"));
    auto const down = get(good_server.url());
    EXPECT_TRUE(down.passed) << down.error;
    EXPECT_FALSE(down.tls);
    auto const up = get(server.url("/"));
    EXPECT_TRUE(up.passed) << up.error;
    EXPECT_TRUE(up.tls);
}

}  // namespace
}  // namespace muster
