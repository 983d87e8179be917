#include <muster/codec/findings_text.hpp>

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include <muster/codec/metrics_text.hpp>

namespace muster {
namespace {

double seconds_of(Micros duration) noexcept {
    return std::chrono::duration<double>(duration).count();
}

double seconds_of(WallTime moment) noexcept {
    return static_cast<double>(
        std::chrono::floor<std::chrono::seconds>(moment.time_since_epoch()).count());
}

/// Gauges of one number, by their names in the order of the calls.
class Gauges {
public:
    void add(std::string_view name, std::string_view help, double value) {
        text_.family(name, FigureType::gauge, help);
        text_.figure(name, {}, value);
    }
    void add(std::string_view name, std::string_view help, std::optional<WallTime> moment) {
        if (moment) {
            add(name, help, seconds_of(*moment));
        }
    }

    [[nodiscard]] MetricsText& text() noexcept { return text_; }

private:
    MetricsText text_;
};

/// A phase that did not happen took no time. Where there is no address, nothing could be asked.
void add_phases(MetricsText& text, LookUpFindings const& lookup, Phases const& phases) {
    constexpr std::string_view kName = "probe_http_duration_seconds";
    text.family(kName, FigureType::gauge,
                "How long each phase of the requests took, redirects included.");
    auto const add = [&text, kName](std::string_view phase, Micros duration) {
        text.figure(kName, {{"phase", phase}},
                    duration == Phases::kNone ? 0 : seconds_of(duration));
    };
    if (lookup.ip != 0) {
        add("connect", phases.connect);
        add("processing", phases.first_byte);
    }
    add("resolve", lookup.time + (phases.dns == Phases::kNone ? Micros(0) : phases.dns));
    if (lookup.ip != 0) {
        add("tls", phases.tls);
        add("transfer", phases.transfer);
    }
}

double content_length_of(HttpFindings const& http) noexcept {
    constexpr double kNotSaid = -1;
    if (http.status == 0) {
        return 0;
    }
    return http.content_length ? static_cast<double>(*http.content_length) : kNotSaid;
}

double version_of(HttpFindings const& http) noexcept {
    if (http.status == 0) {
        return 0;
    }
    return http.minor_version == 0 ? 1.0 : 1.1;
}

void add_http(Gauges& gauges, Findings const& findings) {
    auto const& http = *findings.http;
    gauges.add("probe_http_content_length",
               "Bytes that the answer says its body has; -1 where it says nothing.",
               content_length_of(http));
    if (findings.lookup) {
        add_phases(gauges.text(), *findings.lookup, http.phases);
    }
    gauges.add("probe_http_last_modified_timestamp_seconds",
               "When the answer says that it was last changed, in seconds of Unix time.",
               http.last_modified);
    gauges.add("probe_http_redirects", "Redirects that came.", http.redirects);
    gauges.add("probe_http_ssl", "1: the last answer came over TLS.", findings.tls ? 1 : 0);
    gauges.add("probe_http_status_code", "Status of the last answer; 0: there was none.",
               http.status);
    gauges.add("probe_http_uncompressed_body_length", "Bytes of the body that were read.",
               static_cast<double>(http.body_length));
    gauges.add("probe_http_version", "Version of HTTP that the last answer was in.",
               version_of(http));
}

void add_address(Gauges& gauges, LookUpFindings const& lookup) {
    gauges.add("probe_ip_addr_hash",
               "A number made of the target's address: another number, another address.",
               lookup.address_hash);
    gauges.add("probe_ip_protocol", "Version of IP by which the target was asked, 4 or 6.",
               lookup.ip);
}

void add_certificates(Gauges& gauges, TlsFindings const& tls) {
    gauges.add(
        "probe_ssl_earliest_cert_expiry",
        "When the first of the certificates that were sent expires, in seconds of Unix time.",
        tls.earliest_expiry);
    gauges.add("probe_ssl_last_chain_expiry_timestamp_seconds",
               "When the chain that was verified ends to hold, in seconds of Unix time.",
               tls.chain_expiry);
    constexpr std::string_view kInfo = "probe_ssl_last_chain_info";
    gauges.text().family(kInfo, FigureType::gauge, "Always 1: the certificate of the target.");
    gauges.text().figure(kInfo,
                         {{"fingerprint_sha256", tls.fingerprint},
                          {"issuer", tls.issuer},
                          {"subject", tls.subject},
                          {"subjectalternative", tls.alternative_names}},
                         1);
}

}  // namespace

std::string findings_text(Findings const& findings) {
    Gauges gauges;
    if (findings.lookup) {
        gauges.add("probe_dns_lookup_time_seconds", "How long it took to find the address.",
                   seconds_of(findings.lookup->time));
    }
    gauges.add("probe_duration_seconds", "How long all of it took.", seconds_of(findings.duration));
    gauges.add("probe_failed_due_to_regex",
               "1: an expression refused the answer; these modules have none.", 0);
    if (findings.http) {
        add_http(gauges, findings);
    }
    if (findings.lookup) {
        add_address(gauges, *findings.lookup);
    }
    if (findings.tls) {
        add_certificates(gauges, *findings.tls);
    }
    gauges.add("probe_success", "1: the target did what the module asks for.",
               findings.passed ? 1 : 0);
    if (findings.tls) {
        constexpr std::string_view kVersion = "probe_tls_version_info";
        gauges.text().family(kVersion, FigureType::gauge, "Always 1: the version of TLS spoken.");
        gauges.text().figure(kVersion, {{"version", findings.tls->version}}, 1);
    }
    return gauges.text().take();
}

}  // namespace muster
