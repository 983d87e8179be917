#include <boost/asio/ip/address.hpp>

#include <integration/tls/certificates.hpp>
#include <muster/testing/target_server.hpp>

#include "expected.hpp"
#include "paced_probe.hpp"

namespace muster {
namespace {

using testing::NginxSite;
using testing::TargetServer;
using testing::TargetServerPtr;

/// Servers with certificates of a test's own authority, reached as good.example.
struct TlsTarget : RealTarget {
    static Certificate const& authority() {
        static Certificate const kMade(
            {.name = "Muster Test Root", .hosts = {}, .is_authority = true});
        return kMade;
    }

    static Certificate certified(std::string const& hosts) {
        return {{.name = "leaf", .hosts = hosts}, authority()};
    }

    TlsTarget() { write_file(folder.path() / "ca.pem", authority().pem()); }

    static NginxSite site(std::string const& chain, std::string const& key,
                          std::string const& more = "") {
        return {.server_block =
                    "ssl_certificate chain.pem;\nssl_certificate_key key.pem;\n"
                    "location / { return 200 ok; }\n" +
                    more,
                .files = {{"chain.pem", chain}, {"key.pem", key}},
                .listen_options = "ssl"};
    }
    static NginxSite site(Certificate const& certificate, std::string const& more = "") {
        return site(certificate.pem(), certificate.key_pem(), more);
    }

    static TargetServerPtr start_node_with(Certificate const& certificate,
                                           std::string const& settings = "") {
        return testing::start_node("const key = `" + certificate.key_pem() + "`;\nconst cert = `" +
                                   certificate.pem() +
                                   "`;\n"
                                   "const server = require('https').createServer({ key, cert }, "
                                   "(request, response) => {\n"
                                   "  response.setHeader('Connection', 'keep-alive');\n"
                                   "  response.end('ok');\n});\n" +
                                   settings + "\nserver.listen(place.port, place.address);\n");
    }

    /// The name leads to the target from here on.
    std::string url_of(TargetServer const& target, std::string const& name = "good.example") {
        resolver.set(name, Addresses{boost::asio::ip::make_address(target.place().address)});
        return "https://" + name + ":" + std::to_string(target.place().port) + "/";
    }

    [[nodiscard]] HttpProbeSpec spec_of(std::string const& url) const {
        HttpProbeSpec spec{.url = parse_url(url).value()};
        spec.tls.ca_file = folder / "ca.pem";
        return spec;
    }

    Outcome probe_tls(std::string const& url) {
        auto const one = http.prepare(spec_of(url), false).value();
        return run(*one);
    }

    Outcome probe_nginx(NginxSite const& site) {
        auto const nginx = testing::start_nginx(site);
        return probe_tls(url_of(*nginx));
    }

    /// Twice fresh, of which the second resumes, and thrice over one connection.
    void expect_good(TargetServer const& target) {
        auto const probe = http.prepare(spec_of(url_of(target)), true).value();
        for (int round = 0; round < 4; ++round) {
            auto const outcome = run(*probe, 10s, round < 2);
            EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
            EXPECT_EQ(outcome.connection, round < 2 ? ConnectionUse::fresh : ConnectionUse::reused);
            EXPECT_EQ(outcome.tls_resumed, round == 1) << "round " << round;
            EXPECT_TRUE(outcome.certificate_expires.has_value());
        }
    }

    testing::TemporaryFolder folder;
};

TEST_F(TlsTarget, NginxOfEveryVersionPasses) {
    for (auto const* versions : {"ssl_protocols TLSv1.2;", "ssl_protocols TLSv1.3;"}) {
        expect_good(*testing::start_nginx(site(certified("DNS:good.example"), versions)));
    }
}

TEST_F(TlsTarget, NginxThatOffersHttp2TooPasses) {
    auto offers_both = site(certified("DNS:good.example"));
    offers_both.listen_options = "ssl http2";
    EXPECT_EQ(probe_nginx(offers_both).verdict, Verdict::passed);
}

TEST_F(TlsTarget, NodePasses) {
    expect_good(*start_node_with(certified("DNS:good.example")));
}

TEST_F(TlsTarget, TheNameAskedForDecidesTheCertificate) {
    auto const first = certified("DNS:first.example");
    auto const second = certified("DNS:second.example");
    auto const nginx =
        testing::start_nginx({.server_block = "ssl_certificate $ssl_server_name.pem;\n"
                                              "ssl_certificate_key $ssl_server_name.pem;\n"
                                              "location / { return 200 ok; }\n",
                              .files = {{"first.example.pem", first.pem() + first.key_pem()},
                                        {"second.example.pem", second.pem() + second.key_pem()}},
                              .listen_options = "ssl"});
    EXPECT_EQ(probe_tls(url_of(*nginx, "first.example")).error, "");
    EXPECT_EQ(probe_tls(url_of(*nginx, "second.example")).error, "");
    EXPECT_EQ(probe_tls(url_of(*nginx, "third.example")).error,
              "TLS handshake failed: the server answered with the alert internal error");
}

TEST_F(TlsTarget, WrongCertificatesAreToldApart) {
    Certificate const expired({.name = "expired",
                               .hosts = "DNS:good.example",
                               .from = "20190101000000Z",
                               .to = "20200102120000Z"},
                              authority());
    EXPECT_EQ(probe_nginx(site(expired)).error, "certificate expired on 2020-01-02");
    Certificate const early(
        {.name = "early", .hosts = "DNS:good.example", .from = "20970304000000Z"}, authority());
    EXPECT_EQ(probe_nginx(site(early)).error, "certificate is not valid before 2097-03-04");
    Certificate const alone({.name = "alone", .hosts = "DNS:good.example"});
    EXPECT_EQ(probe_nginx(site(alone)).error, "certificate is self-signed");
    EXPECT_EQ(probe_nginx(site(certified("DNS:other.example"))).error,
              "certificate is for other.example, not for good.example");
    Certificate const stranger({.name = "Strange Root", .hosts = {}, .is_authority = true});
    Certificate const untrusted({.name = "leaf", .hosts = "DNS:good.example"}, stranger);
    EXPECT_EQ(probe_nginx(site(untrusted.pem() + stranger.pem(), untrusted.key_pem())).error,
              "unknown authority: Strange Root");
}

TEST_F(TlsTarget, AnIncompleteChainIsNamed) {
    Certificate const between({.name = "Test Between", .hosts = {}, .is_authority = true},
                              authority());
    Certificate const leaf(
        {.name = "leaf", .hosts = "DNS:good.example", .issuer_at = "http://ca.example/between.crt"},
        between);
    EXPECT_EQ(probe_nginx(site(leaf)).error,
              "certificate chain is incomplete: Test Between was not sent");
    EXPECT_EQ(probe_nginx(site(leaf.pem() + between.pem(), leaf.key_pem())).error, "");
}

TEST_F(TlsTarget, AServerThatWantsACertificateOfOursSaysSo) {
    auto wants_ours = site(certified("DNS:good.example"),
                           "ssl_verify_client on;\nssl_client_certificate ca.pem;\n");
    wants_ours.files["ca.pem"] = authority().pem();
    EXPECT_EQ(probe_nginx(wants_ours).error, "HTTP error: 400");
}

TEST_F(TlsTarget, TheOtherProtocolIsNamed) {
    auto const secure = testing::start_nginx(site(certified("DNS:good.example")));
    EXPECT_EQ(probe(secure->url()).error, "HTTP error: 400");
    auto const plain = testing::start_nginx({.server_block = "location / { return 200 ok; }"});
    EXPECT_EQ(probe_tls(url_of(*plain)).error, "not TLS: HTTP/1.1 400 Bad Request");
    auto const node = start_node_with(certified("DNS:good.example"));
    EXPECT_EQ(probe(node->url()).error, "connection closed after 0 bytes");
}

/// Its close_notify and the end of the connection may meet our request.
TEST_F(TlsTarget, NodeClosingIdleConnectionsNeverFailsACheck) {
    auto const node =
        start_node_with(certified("DNS:good.example"), "server.keepAliveTimeout = 100;");
    auto const spec = spec_of(url_of(*node));
    PacedProbes probes(loop, clock, resolver);
    auto const edge = probes.measured_edge(spec);
    probes.add(spec, 80, {.pause = edge - 20ms, .rounds = 5}, 500us);
    probes.run_to_end();
    EXPECT_EQ(probes.failures(), std::vector<std::string>{});
    EXPECT_GT(probes.reused(), 0U) << "it never was before the edge";
    EXPECT_GT(probes.fresh(), 80U) << "it never was behind the edge";
}

}  // namespace
}  // namespace muster
