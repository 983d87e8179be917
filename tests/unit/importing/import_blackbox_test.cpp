#include <muster/importing/import_blackbox.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "read_back.hpp"

namespace muster::importing {
namespace {

using Ranges = std::vector<StatusRange>;

config::Checked<Imported> blackbox(std::string const& modules, std::string const& jobs) {
    return import_blackbox({modules, "b.yml"}, {jobs, "p.yml"});
}

/// One target through one module of these lines.
Imported target(std::string const& text, std::string const& module) {
    return imported(blackbox("modules:\n  m:\n" + module,
                             "scrape_configs:\n  - job_name: j\n    metrics_path: /probe\n"
                             "    params: { module: [m] }\n"
                             "    static_configs: [ { targets: ['" +
                                 text + "'] } ]\n"));
}

HttpProbeSpec http_of(Imported const& made) {
    auto const read = read_back(made);
    if (read.projects.size() != 1 || read.projects.front().services.size() != 1) {
        ADD_FAILURE() << made.yaml;
        return {};
    }
    return std::get<HttpProbeSpec>(read.projects.front().services.front().probe);
}

TEST(ImportBlackbox, TakesRealConfigurationsAndTellsWhatItCannotTake) {
    auto const made = imported(blackbox(fixture("blackbox.yml"), fixture("prometheus.yml")));
    auto const read = read_back(made);
    EXPECT_EQ(made.carried, 3U);
    EXPECT_EQ(made.partly, 2U);
    EXPECT_EQ(made.missing, 1U);
    ASSERT_EQ(read.projects.size(), 2U);
    EXPECT_EQ(read.projects[0].name, "web-sites");
    EXPECT_EQ(read.projects[0].description, "web sites");

    auto const site = service_of(read, "web-sites", "www-example-org-health");
    EXPECT_EQ(std::get<HttpProbeSpec>(site.probe).url, parse_url("https://www.example.org/health"));
    EXPECT_EQ(std::get<HttpProbeSpec>(site.probe).redirects, 10);
    EXPECT_EQ(std::get<HttpProbeSpec>(site.probe).expect.status, Ranges{});
    EXPECT_EQ(site.policy.interval, 15s);
    EXPECT_EQ(site.policy.timeout, 5s);
    EXPECT_EQ(site.policy.failure_threshold, 1U);
    EXPECT_EQ(site.metadata.at("team"), "web");
    auto const second = service_of(read, "web-sites", "www-example-org-health-2");
    EXPECT_EQ(std::get<HttpProbeSpec>(second.probe).url,
              parse_url("http://www.example.org/health"));

    auto const login = service_of(read, "by-module", "login-example-org-session");
    auto const& http = std::get<HttpProbeSpec>(login.probe);
    EXPECT_EQ(login.policy.timeout, 3500ms);
    EXPECT_EQ(http.method, HttpMethod::post);
    EXPECT_EQ(http.url.user_info, "probe:not-to-be-shown");
    EXPECT_EQ(http.headers, (std::vector<HttpHeader>{{"Accept", "application/json"}}));
    EXPECT_EQ(http.body, R"({"user": "probe"})");
    EXPECT_EQ(http.expect.status, (Ranges{{200, 202}, {401, 401}}));
    EXPECT_EQ(http.expect.body, "welcome");
    EXPECT_EQ(http.expect.body_matches, "version [0-9]+");
    EXPECT_EQ(http.redirects, 0);
    EXPECT_EQ(http.ip, IpFamily::v6);
    EXPECT_EQ(http.tls, (TlsOptions{false, "login.example.org", ""}));
    EXPECT_EQ(service_of(read, "by-module", "db-example-org-5432").probe,
              ProbeSpec(TcpProbeSpec{{"db.example.org", 5432}, IpFamily::any}));
    EXPECT_EQ(made.yaml.find("not-to-be-shown"), std::string::npos);

    auto const texts = texts_of(made.notes);
    for (auto const* text :
         {"partly b.yml:7: module http_login: fail_if_body_matches_regexp: is left out",
          "partly b.yml:29: module ssh_banner: tcp.query_response: is left out",
          "missing b.yml:34: module icmp: prober icmp: Muster has no check of this kind yet",
          "missing p.yml:33: by-module/192.0.2.1: module icmp: is not carried over",
          "partly p.yml:43: found: file_sd_configs: is left out"}) {
        EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [text](std::string const& told) {
            return told.find(text) == 0;
        })) << text;
    }
    if (HasFailure()) {
        for (auto const& text : texts) {
            ADD_FAILURE() << text;
        }
    }
}

TEST(ImportBlackbox, WhatIsLostOfAModuleIsTold) {
    for (auto const* module :
         {"    prober: http\n    http: { fail_if_body_matches_regexp: [x] }\n",
          "    prober: http\n    http: { fail_if_header_matches: [ { header: X, regexp: y } ] }\n",
          "    prober: http\n    http: { fail_if_not_ssl: true }\n",
          "    prober: http\n    http: { bearer_token_file: /x }\n",
          "    prober: http\n    http: { basic_auth: { username: u, password_file: /x } }\n",
          "    prober: http\n    http: { proxy_url: 'http://p' }\n",
          "    prober: http\n    http: { tls_config: { cert_file: /x } }\n",
          "    prober: http\n    http: { headers: { Connection: close } }\n",
          "    prober: http\n    http: { body: x }\n",
          "    prober: http\n    http: { fail_if_body_not_matches_regexp: ['a.', 'b.'] }\n",
          "    prober: http\n    http: { valid_status_codes: [200, 700] }\n",
          "    prober: http\n    timeout: soon\n", "    prober: tcp\n    tcp: { tls: true }\n"}) {
        EXPECT_EQ(target("127.0.0.1:80", module).partly, 1U) << module;
    }
    for (auto const* module : {"    prober: dns\n", "    prober: grpc\n", "    prober: icmp\n",
                               "    {}\n", "    prober: http\n    http: { method: PUT }\n"}) {
        EXPECT_EQ(target("127.0.0.1:80", module).missing, 1U) << module;
    }
    EXPECT_EQ(target("no port", "    prober: tcp\n").missing, 1U);
    EXPECT_EQ(target("127.0.0.1:80", "    prober: http\n    http: { fail_if_ssl: true }\n").carried,
              1U);
}

TEST(ImportBlackbox, TokensBecomeVariables) {
    auto const made =
        target("h", "    prober: http\n    http: { authorization: { credentials: hush } }\n");
    EXPECT_EQ(made.yaml.find("hush"), std::string::npos);
    EXPECT_EQ(http_of(made).headers, (std::vector<HttpHeader>{{"Authorization", "Bearer hush"}}));
    auto const old = target("h", "    prober: http\n    http: { bearer_token: hush }\n");
    EXPECT_EQ(http_of(old).headers, (std::vector<HttpHeader>{{"Authorization", "Bearer hush"}}));
}

TEST(ImportBlackbox, RelabelingGivesTargetAndModule) {
    auto const made =
        imported(blackbox("modules:\n  m: { prober: http }\n  n: { prober: tcp }\n",
                          "scrape_configs:\n  - job_name: j\n    metrics_path: /probe\n"
                          "    static_configs: [ { targets: [a.example.org] } ]\n"
                          "    relabel_configs:\n"
                          "      - { source_labels: [__address__], target_label: __param_target, "
                          "replacement: 'https://${1}/up' }\n"
                          "      - { target_label: __param_module, replacement: m }\n"));
    EXPECT_EQ(made.notes, std::vector<Note>{});
    EXPECT_EQ(http_of(made).url, parse_url("https://a.example.org/up"));

    auto const lost = imported(blackbox(
        "modules: { http_2xx: { prober: http } }\n",
        "scrape_configs:\n  - job_name: j\n    metrics_path: /probe\n"
        "    static_configs: [ { targets: ['x;a.example.org'] } ]\n"
        "    relabel_configs:\n"
        "      - { source_labels: [__address__], regex: 'x;(.*)', target_label: __param_target }\n"
        "      - { source_labels: [__address__], regex: 'y.*', action: drop }\n"));
    EXPECT_TRUE(has_losses(lost));
    EXPECT_EQ(lost.notes.size(), 3U);
}

TEST(ImportBlackbox, RefusesWhatIsNoConfigurationOfThem) {
    auto const* const modules = "modules: { m: { prober: http } }";
    EXPECT_EQ(mistake_of(blackbox("a: 1", "scrape_configs: []")),
              "b.yml:1:1: no configuration of blackbox_exporter: it has no 'modules'");
    EXPECT_EQ(mistake_of(blackbox(modules, "a: 1")),
              "p.yml:1:1: no configuration of Prometheus: it has no list 'scrape_configs'");
    EXPECT_EQ(mistake_of(blackbox(modules, "scrape_configs: [ { job_name: x } ]")),
              "p.yml:1:17: no job has 'metrics_path: /probe'");
    EXPECT_EQ(mistake_of(blackbox("\t", "")).substr(0, 6), "b.yml:");
    EXPECT_EQ(mistake_of(blackbox(modules, "a: [")).substr(0, 6), "p.yml:");
    for (auto const* jobs :
         {"scrape_configs: [ { metrics_path: /probe, static_configs: 5, params: 7, "
          "relabel_configs: { a: b } } ]",
          "scrape_configs: [ { metrics_path: /probe, static_configs: [ 5, { targets: { a: b } }, "
          "{ targets: [ [x], ~, '' ], labels: [] } ], params: { target: [ 'x y' ] } } ]"}) {
        auto const made = blackbox(modules, jobs);
        ASSERT_TRUE(made) << jobs;
        (void)read_back(*made);
    }
}

}  // namespace
}  // namespace muster::importing
