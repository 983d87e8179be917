#pragma once

#include <memory>
#include <string>

#include <integration/http/probing_test.hpp>
#include <integration/moved_clock.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "certificates.hpp"
#include "tls_server.hpp"

namespace muster {

/// One authority that the probes trust, and probes of https. Certificates are made once for all
/// tests of the program.
struct TlsTest : ProbingTest {
    static Certificate const& authority() {
        static Certificate const kMade(
            {.name = "Muster Test Root", .hosts = {}, .is_authority = true});
        return kMade;
    }
    static Certificate const& good() {
        static Certificate const kMade(
            {.name = "good", .hosts = "DNS:good.example,DNS:*.wild.example,IP:127.0.0.1"},
            authority());
        return kMade;
    }

    TlsTest() { write_file(folder.path() / "ca.pem", authority().pem()); }

    [[nodiscard]] static TlsServer::Options served(Certificate const& certificate,
                                                   int newest_version = 0) {
        return {certificate.pem(), certificate.key_pem(), newest_version};
    }

    [[nodiscard]] TlsOptions trusting() const {
        TlsOptions trusted;
        trusted.ca_file = folder / "ca.pem";
        return trusted;
    }

    [[nodiscard]] std::unique_ptr<Probe> prepare_tls(std::string const& url,
                                                     TlsOptions const& wanted, bool reuse = false) {
        HttpProbeSpec spec;
        spec.url = parse_url(url).value();
        spec.tls = wanted;
        return https.prepare(spec, reuse).value();
    }

    Outcome probe_tls(std::string const& url, TlsOptions const& wanted, Millis timeout = 10s) {
        auto const one = prepare_tls(url, wanted);
        return run(*one, timeout);
    }

    /// What a fresh probe says of a server with this certificate.
    Outcome probe_served(TlsServer::Options const& served_options, TlsOptions const& wanted,
                         std::string const& host = "127.0.0.1") {
        TlsServer tls_server(loop.context(), served_options);
        tls_server.answer({std::string(kOk)});
        return probe_tls(tls_server.url(host), wanted);
    }

    testing::TemporaryFolder folder;
    MovedClock moved_clock;
    HttpClient tls_client{loop, moved_clock, resolver, options};
    HttpProber https{tls_client};
};

}  // namespace muster
