#include <muster/codec/findings_text.hpp>

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/testing/strict_exposition.hpp>

namespace muster {
namespace {

using Names = std::set<std::string>;

Findings http_findings() {
    Findings findings;
    findings.passed = true;
    findings.duration = Micros(12'500);
    findings.lookup = LookUpFindings{Micros(250), 4, 3'668'918'509U};
    HttpFindings http;
    http.status = 200;
    http.content_length = 5;
    http.body_length = 5;
    http.redirects = 1;
    http.phases.dns = Micros(750);
    http.phases.connect = Micros(1'000);
    http.phases.first_byte = Micros(2'000);
    http.phases.transfer = Micros(3'000);
    findings.http = http;
    return findings;
}

Findings https_findings() {
    auto findings = http_findings();
    findings.http->phases.tls = Micros(4'000);
    findings.tls = TlsFindings{.version = "TLS 1.3",
                               .earliest_expiry = WallTime(Millis(1'798'331'684'000)),
                               .chain_expiry = WallTime(Millis(1'798'331'685'000)),
                               .fingerprint = "face",
                               .subject = "CN=a",
                               .issuer = "CN=\"b\"",
                               .alternative_names = "a,b"};
    return findings;
}

/// Each line but for its number.
Names series_of(Findings const& findings) {
    auto const text = findings_text(findings);
    testing::StrictExposition const shown(text);
    EXPECT_EQ(shown.complaints(), std::vector<std::string>{}) << text;
    Names names;
    for (std::size_t begin = 0; begin < text.size();) {
        auto const end = text.find('\n', begin);
        auto const line = text.substr(begin, end - begin);
        begin = end + 1;
        if (!line.starts_with('#')) {
            names.insert(line.substr(0, line.rfind(' ')));
        }
    }
    return names;
}

Names const kOfAll{"probe_duration_seconds", "probe_failed_due_to_regex", "probe_success"};
Names const kOfAddresses{"probe_dns_lookup_time_seconds", "probe_ip_addr_hash",
                         "probe_ip_protocol"};
Names const kOfHttp{"probe_http_content_length",
                    "probe_http_redirects",
                    "probe_http_ssl",
                    "probe_http_status_code",
                    "probe_http_uncompressed_body_length",
                    "probe_http_version"};
Names const kResolve{R"(probe_http_duration_seconds{phase="resolve"})"};
Names const kOtherPhases{R"(probe_http_duration_seconds{phase="connect"})",
                         R"(probe_http_duration_seconds{phase="processing"})",
                         R"(probe_http_duration_seconds{phase="tls"})",
                         R"(probe_http_duration_seconds{phase="transfer"})"};

Names together(std::vector<Names> const& parts) {
    Names all;
    for (auto const& part : parts) {
        all.insert(part.begin(), part.end());
    }
    return all;
}

TEST(FindingsText, TellsAnAnswer) {
    EXPECT_EQ(series_of(http_findings()),
              together({kOfAll, kOfAddresses, kOfHttp, kResolve, kOtherPhases}));
    testing::StrictExposition const shown(findings_text(http_findings()));
    EXPECT_EQ(shown.at("probe_success"), 1);
    EXPECT_EQ(shown.at("probe_duration_seconds"), 0.0125);
    EXPECT_EQ(shown.at("probe_dns_lookup_time_seconds"), 0.00025);
    EXPECT_EQ(shown.at("probe_ip_protocol"), 4);
    EXPECT_EQ(shown.at("probe_ip_addr_hash"), 3'668'918'509.0);
    EXPECT_EQ(shown.at("probe_http_status_code"), 200);
    EXPECT_EQ(shown.at("probe_http_version"), 1.1);
    EXPECT_EQ(shown.at("probe_http_redirects"), 1);
    EXPECT_EQ(shown.at("probe_http_content_length"), 5);
    EXPECT_EQ(shown.at("probe_http_ssl"), 0);
    // The target's own name, and those that redirects led to.
    EXPECT_EQ(shown.at(R"(probe_http_duration_seconds{phase="resolve"})"), 0.001);
    EXPECT_EQ(shown.at(R"(probe_http_duration_seconds{phase="connect"})"), 0.001);
    EXPECT_EQ(shown.at(R"(probe_http_duration_seconds{phase="tls"})"), 0);
    EXPECT_EQ(shown.at(R"(probe_http_duration_seconds{phase="processing"})"), 0.002);
    EXPECT_EQ(shown.at(R"(probe_http_duration_seconds{phase="transfer"})"), 0.003);
    for (auto const& [name, type] : shown.types()) {
        EXPECT_EQ(type, "gauge") << name;
    }
}

TEST(FindingsText, TellsWhatTheAnswerDoesNotSay) {
    auto findings = http_findings();
    findings.http->content_length.reset();
    findings.http->minor_version = 0;
    testing::StrictExposition const shown(findings_text(findings));
    EXPECT_EQ(shown.at("probe_http_content_length"), -1);
    EXPECT_EQ(shown.at("probe_http_version"), 1);
}

TEST(FindingsText, TellsTls) {
    EXPECT_EQ(series_of(https_findings()),
              together({series_of(http_findings()),
                        {"probe_ssl_earliest_cert_expiry",
                         "probe_ssl_last_chain_expiry_timestamp_seconds",
                         R"(probe_tls_version_info{version="TLS 1.3"})",
                         R"(probe_ssl_last_chain_info{fingerprint_sha256="face",issuer="CN=\"b\"",)"
                         R"(subject="CN=a",subjectalternative="a,b"})"}}));
    testing::StrictExposition const shown(findings_text(https_findings()));
    EXPECT_EQ(shown.at("probe_http_ssl"), 1);
    EXPECT_EQ(shown.at("probe_ssl_earliest_cert_expiry"), 1'798'331'684);
    EXPECT_EQ(shown.at("probe_ssl_last_chain_expiry_timestamp_seconds"), 1'798'331'685);
}

TEST(FindingsText, TellsWhenTheAnswerWasLastModified) {
    auto findings = http_findings();
    findings.http->last_modified = WallTime(Millis(1'136'214'245'000));
    EXPECT_EQ(testing::StrictExposition(findings_text(findings))
                  .at("probe_http_last_modified_timestamp_seconds"),
              1'136'214'245);
}

TEST(FindingsText, OfNoAnswerHasTheSameSeries) {
    Findings refused;
    refused.lookup = LookUpFindings{Micros(1), 6, 7};
    refused.http = HttpFindings{};
    EXPECT_EQ(series_of(refused), series_of(http_findings()));
    testing::StrictExposition const shown(findings_text(refused));
    EXPECT_EQ(shown.at("probe_success"), 0);
    EXPECT_EQ(shown.at("probe_http_status_code"), 0);
    EXPECT_EQ(shown.at("probe_http_version"), 0);
    EXPECT_EQ(shown.at("probe_http_content_length"), 0);
}

TEST(FindingsText, OfNoAddressHasOnePhase) {
    Findings unknown;
    unknown.lookup = LookUpFindings{Micros(1), 0, 0};
    unknown.http = HttpFindings{};
    EXPECT_EQ(series_of(unknown), together({kOfAll, kOfAddresses, kOfHttp, kResolve}));
}

TEST(FindingsText, OfTcpTellsTheAddressAtMost) {
    Findings connected;
    connected.lookup = LookUpFindings{Micros(1), 4, 7};
    EXPECT_EQ(series_of(connected), together({kOfAll, kOfAddresses}));
    EXPECT_EQ(series_of({}), kOfAll);
}

}  // namespace
}  // namespace muster
