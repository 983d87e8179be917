#include <muster/config/read_probe.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <muster/base/utf8.hpp>
#include <muster/config/read_expectation.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/address.hpp>
#include <muster/domain/http_header_rules.hpp>

namespace muster::config {
namespace {

constexpr std::size_t kMostUrls = 32;
constexpr std::size_t kMostHeaders = 64;
constexpr std::size_t kMostHeaderBytes = 8'192;
constexpr std::size_t kMostSentBytes = 65'536;
constexpr CountBounds kRedirectBounds{0, 10};

std::vector<Url> urls_of(Reading& reading, YamlNode value) {
    std::vector<Url> urls;
    if (value.kind() != NodeKind::list) {
        if (auto url = url_of(reading, value, "http")) {
            urls.push_back(*std::move(url));
        }
        return urls;
    }
    bool all_good = true;
    for (auto const item : value) {
        auto url = url_of(reading, item, "http");
        all_good = all_good && url;
        if (url) {
            urls.push_back(*std::move(url));
        }
    }
    if (urls.size() > kMostUrls || (urls.empty() && all_good)) {
        refuse_value(reading, value, "http",
                     "a URL or a list of 1 to " + std::to_string(kMostUrls) + " URLs");
        all_good = false;
    }
    return all_good ? urls : std::vector<Url>();
}

bool has_blank_ends(std::string_view text) noexcept {
    return !text.empty() && (text.front() == ' ' || text.front() == '\t' || text.back() == ' ' ||
                             text.back() == '\t');
}

void add_header(Reading& reading, YamlNode name, YamlNode value, std::vector<HttpHeader>& out) {
    constexpr std::string_view kWantsValue =
        "a header's value: text of one line without blanks around it";
    if (auto const checked = check_header_name(name.text()); !checked) {
        reading.refuse(name, checked.error().message);
        return;
    }
    auto const given = std::find_if(out.begin(), out.end(), [&](HttpHeader const& header) {
        return same_header_name(header.name, name.text());
    });
    if (given != out.end()) {
        reading.refuse(name, in_quotes(name.text()) + " is given twice: case does not matter");
        return;
    }
    if (value.kind() != NodeKind::scalar) {
        refuse_value(reading, value, name.text(), kWantsValue);
        return;
    }
    auto text = scalar_of(reading, value, name.text(), kWantsValue);
    if (!text) {
        return;
    }
    if (has_blank_ends(*text) || text->size() > kMostHeaderBytes) {
        refuse_secret(reading, value, name.text(), kWantsValue);
        return;
    }
    if (auto const checked = check_header_value(name.text(), *text); !checked) {
        reading.refuse(value, checked.error().message);
        return;
    }
    if (refuse_mask(reading, value, name.text(), *text)) {
        return;
    }
    out.push_back({std::string(name.text()), *std::move(text)});
}

void read_headers(Reading& reading, Mapping const& from, std::vector<HttpHeader>& out) {
    each_field(reading, from, "headers", "names with values, such as { X-Key: abc }",
               [&](YamlNode name, YamlNode value) { add_header(reading, name, value, out); });
    if (out.size() > kMostHeaders) {
        reading.refuse(from.find("headers")->value,
                       "'headers' wants at most " + std::to_string(kMostHeaders) + " headers");
    }
}

/// A file that the hub could not read is told with its line.
void look_at_file(Reading& reading, YamlNode value, std::string_view key, std::string const& path) {
    auto const& why_unreadable = reading.machine().why_unreadable;
    auto const why = path.empty() || !why_unreadable ? std::nullopt : why_unreadable(path);
    if (!why) {
        return;
    }
    auto message = in_quotes(key) + ": '" + clean_text(path, kMaxTextBytes) + "' " + *why;
    if (reading.machine().refuses_unreadable) {
        reading.refuse(value, std::move(message));
    } else {
        reading.warn(value, std::move(message));
    }
}

void read_tls(Reading& reading, Mapping const& probe, TlsOptions& out) {
    auto const* field = probe.find("tls");
    if (field == nullptr) {
        return;
    }
    Mapping const from(reading, field->value, Section::tls);
    read_flag(reading, from, "verify", out.verify);
    read_text(reading, from, "ca", out.ca_file);
    if (auto const* ca = from.find("ca")) {
        look_at_file(reading, ca->value, "ca", out.ca_file);
    }
    std::string name;
    read_text(reading, from, "serverName", name);
    if (!name.empty()) {
        auto const host = parse_host_port(name + ":1");
        if (host && host->host.find(':') == std::string::npos) {
            out.server_name = host->host;
        } else {
            refuse_value(reading, from.find("serverName")->value, "serverName",
                         "the name of a host, such as shop.example.org");
        }
    }
    if (!out.verify && !out.ca_file.empty()) {
        reading.warn(from.find("ca")->value, "'ca' says nothing where 'verify' is off");
    }
}

/// An address that is written out has a family already.
void refuse_other_family(Reading& reading, YamlNode at, std::string_view host, IpFamily wanted) {
    bool const is_v4 = parse_ipv4(host).has_value();
    bool const is_v6 = parse_ipv6(host).has_value();
    if ((wanted == IpFamily::v4 && is_v6) || (wanted == IpFamily::v6 && is_v4)) {
        reading.refuse(at, "'ip: " + std::string(to_string(wanted)) + "' rules out " +
                               std::string(host) + ", which is an IPv" + (is_v4 ? "4" : "6") +
                               " address");
    }
}

/// What it says must fit every host that is checked.
void read_ip(Reading& reading, Mapping const& from, std::vector<std::string_view> const& hosts,
             IpFamily& out) {
    read_enum(reading, from, "ip", out);
    if (auto const* field = from.find("ip")) {
        for (auto const host : hosts) {
            refuse_other_family(reading, field->value, host, out);
        }
    }
}

/// Keys that ask for something that others rule out.
bool contradicts(Reading& reading, Mapping const& from, HttpProbeSpec const& spec) {
    auto const refuse = [&](std::string_view key, std::string const& why) {
        auto const* field = from.find(key);
        if (field != nullptr) {
            reading.refuse(field->name, in_quotes(key) + " " + why);
        }
        return field != nullptr;
    };
    bool wrong = false;
    if (spec.method != HttpMethod::post && !spec.body.empty()) {
        wrong = refuse("body", "goes with 'method: POST' only");
    }
    bool const wants_body =
        !spec.expect.body.empty() || !spec.expect.body_matches.empty() || !spec.expect.json.empty();
    if (spec.method == HttpMethod::head && wants_body) {
        wrong = refuse("expect", "asks for a body, which the answer to HEAD never has") || wrong;
    }
    if (spec.fallback && !spec.more_urls.empty()) {
        wrong = refuse("fallback", "goes with one URL, not with a list") || wrong;
    }
    return wrong;
}

std::optional<ProbeSpec> read_http(Reading& reading, Mapping const& from, Field const& http) {
    auto urls = urls_of(reading, http.value);
    HttpProbeSpec spec;
    if (!urls.empty()) {
        spec.url = std::move(urls.front());
        spec.more_urls.assign(std::make_move_iterator(urls.begin() + 1),
                              std::make_move_iterator(urls.end()));
    }
    read_enum(reading, from, "method", spec.method);
    read_headers(reading, from, spec.headers);
    read_bytes(reading, from, "body", kMostSentBytes, spec.body);
    if (auto const* body = from.find("body"); body != nullptr) {
        (void)refuse_mask(reading, body->value, "body", spec.body);
    }
    if (auto const* expect = from.find("expect")) {
        spec.expect = read_expectation(reading, *expect);
    }
    read_tls(reading, from, spec.tls);
    std::uint64_t redirects = 0;
    read_count(reading, from, "redirects", kRedirectBounds, redirects);
    spec.redirects = static_cast<std::uint8_t>(redirects);
    std::vector<std::string_view> hosts{spec.url.host};
    for (auto const& url : spec.more_urls) {
        hosts.push_back(url.host);
    }
    read_ip(reading, from, hosts, spec.ip);
    read_flag(reading, from, "fallback", spec.fallback);
    if (contradicts(reading, from, spec) || urls.empty()) {
        return std::nullopt;
    }
    return ProbeSpec(std::move(spec));
}

std::optional<ProbeSpec> read_tcp(Reading& reading, Mapping const& from, Field const& tcp) {
    auto endpoint = endpoint_of(reading, tcp.value, "tcp");
    TcpProbeSpec spec;
    read_ip(reading, from, {endpoint ? endpoint->host : std::string_view()}, spec.ip);
    for (auto const& field : from.fields()) {
        if (field.key != "tcp" && field.key != "ip") {
            reading.refuse(field.name, in_quotes(field.key) + " goes with 'http', not with 'tcp'");
        }
    }
    if (!endpoint) {
        return std::nullopt;
    }
    spec.endpoint = *std::move(endpoint);
    return ProbeSpec(std::move(spec));
}

}  // namespace

std::optional<ProbeSpec> read_probe(Reading& reading, Field const& field) {
    Mapping const from(reading, field.value, Section::probe);
    auto const* const http = from.find("http");
    auto const* const tcp = from.find("tcp");
    if (http != nullptr && tcp != nullptr) {
        auto const& second =
            http->name.line() < tcp->name.line() || (http->name.line() == tcp->name.line() &&
                                                     http->name.column() < tcp->name.column())
                ? tcp
                : http;
        reading.refuse(second->name, "a probe is of one kind: 'http' or 'tcp'");
        return std::nullopt;
    }
    if (http != nullptr) {
        return read_http(reading, from, *http);
    }
    if (tcp != nullptr) {
        return read_tcp(reading, from, *tcp);
    }
    bool const says_nothing =
        field.value.kind() == NodeKind::nothing ||
        (field.value.kind() == NodeKind::map && field.value.begin() == field.value.end());
    if (says_nothing) {
        refuse_value(reading, field.value, "probe",
                     "a kind and a target, such as { http: \"http://127.0.0.1/health\" }");
    } else if (!from.fields().empty()) {
        reading.refuse(field.name, "'probe' has no target: give 'http' or 'tcp'");
    }
    return std::nullopt;
}

}  // namespace muster::config
