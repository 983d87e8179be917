#include <muster/importing/import_gatus.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "read_back.hpp"

namespace muster::importing {
namespace {

using Texts = std::vector<std::string>;
using Ranges = std::vector<StatusRange>;

Imported gatus(std::string const& text, config::Environment const& environment = {}) {
    return imported(import_gatus(text, "g.yaml", environment));
}

/// One endpoint of a file, with these lines besides name and url.
Imported endpoint(std::string const& url, std::string const& more) {
    return gatus("endpoints:\n  - name: one\n    url: \"" + url + "\"\n" + more);
}

HttpProbeSpec http_spec_of(Imported const& made, std::string const& name = "one",
                           config::Environment const& environment = {}) {
    auto const service = service_of(read_back(made, environment), "gatus", name);
    auto const* http = std::get_if<HttpProbeSpec>(&service.probe);
    EXPECT_NE(http, nullptr);
    return http == nullptr ? HttpProbeSpec{} : *http;
}

HttpProbeSpec with_condition(std::string const& condition) {
    auto const made = endpoint("http://h/", "    conditions: ['" + condition + "']\n");
    EXPECT_EQ(made.notes, std::vector<Note>{}) << condition;
    return http_spec_of(made);
}

TEST(ImportGatus, TakesARealConfigurationAndTellsWhatItCannotTake) {
    auto const made = imported(import_gatus(fixture("gatus.yaml"), "gatus.yaml", {}));
    auto const read =
        read_back(made, {{"API_TOKEN", "t"}, {"INNER_HOST", "h"}, {"IMPORTED_PORT", "80"}});
    EXPECT_EQ(made.carried, 4U);
    EXPECT_EQ(made.partly, 3U);
    EXPECT_EQ(made.missing, 4U);
    EXPECT_TRUE(has_losses(made));
    EXPECT_EQ(made.projects, 3U);
    ASSERT_EQ(read.projects.size(), 3U);
    EXPECT_EQ(read.projects[0].name, "core");
    EXPECT_EQ(read.projects[1].name, "mail-more");
    EXPECT_EQ(read.projects[1].description, "mail & more");
    EXPECT_EQ(read.projects[2].name, "gatus");

    auto const plain = service_of(read, "core", "front-end");
    EXPECT_EQ(plain.policy.interval, 30s);
    EXPECT_EQ(plain.policy.timeout, 5s);
    EXPECT_EQ(plain.policy.failure_threshold, 1U);
    EXPECT_EQ(plain.metadata.at("name"), "front end");
    EXPECT_EQ(std::get<HttpProbeSpec>(plain.probe).redirects, 10);
    EXPECT_EQ(std::get<HttpProbeSpec>(plain.probe).expect.status, (Ranges{{200, 200}}));
    EXPECT_EQ(service_of(read, "core", "front-end-2").metadata.at("name"), "front/end");
    EXPECT_EQ(
        to_text(std::get<TcpProbeSpec>(service_of(read, "mail-more", "imaps").probe).endpoint),
        "mail.example.org:993");
    EXPECT_EQ(service_of(read, "mail-more", "smtp").policy.timeout, 1s);
    EXPECT_EQ(std::get<HttpProbeSpec>(service_of(read, "gatus", "by-variable").probe).url.port, 80);

    ASSERT_EQ(read.maintenance.size(), 9U);  // seven of the endpoint, two of all
    EXPECT_EQ(read.maintenance[0].match.services, Texts{"core/api"});
    EXPECT_EQ(read.maintenance[0].weekly->from_minute, 4 * 60 + 30);
    EXPECT_EQ(read.maintenance[0].weekly->to_minute, 5 * 60 + 15);
    EXPECT_EQ(read.maintenance[7].weekly,
              (WeeklyWindow{Weekday::sat, 23 * 60, 60, "Europe/Berlin"}));
    EXPECT_EQ(made.yaml.find("not-to-be-shown"), std::string::npos);
}

TEST(ImportGatus, TakesAllOfAnEndpointThatChecksCanDo) {
    auto const made = imported(import_gatus(fixture("gatus.yaml"), "gatus.yaml", {}));
    auto const read =
        read_back(made, {{"API_TOKEN", "t"}, {"INNER_HOST", "h"}, {"IMPORTED_PORT", "80"}});
    auto const api = service_of(read, "core", "api");
    auto const& http = std::get<HttpProbeSpec>(api.probe);
    EXPECT_EQ(http.url, parse_url("https://api.example.org:8443/v1/status?token=s3cr3t&lang=en"));
    EXPECT_EQ(http.method, HttpMethod::post);
    EXPECT_EQ(http.headers, (std::vector<HttpHeader>{{"Authorization", "Bearer t"},
                                                     {"X-Api-Key", "inline-key-0815"},
                                                     {"Content-Type", "application/json"}}));
    EXPECT_EQ(http.body, R"({"ping": true})");
    EXPECT_FALSE(http.tls.verify);
    EXPECT_EQ(http.redirects, 0);
    EXPECT_EQ(http.ip, IpFamily::v4);
    EXPECT_EQ(http.expect.status, (Ranges{{200, 200}, {204, 204}}));
    EXPECT_EQ(http.expect.body, "welcome");
    EXPECT_EQ(http.expect.json,
              (std::vector<JsonCondition>{{"status", JsonTest::equals, std::string("UP")},
                                          {"data.0.count", JsonTest::at_least, 3.0},
                                          {"queue", JsonTest::at_most, 99.999999999999986},
                                          {"errors", JsonTest::exists, false}}));
    EXPECT_EQ(api.policy.interval, 90s);
    EXPECT_EQ(api.policy.timeout, 500ms);
    EXPECT_EQ(api.policy.failure_threshold, 2U);
    EXPECT_EQ(api.policy.success_threshold, 4U);
    EXPECT_EQ(api.metadata.at("team"), "payments");
}

TEST(ImportGatus, SaysWhereWhatAndWhy) {
    auto const made = imported(import_gatus(fixture("gatus.yaml"), "gatus.yaml", {}));
    auto const texts = texts_of(made.notes);
    auto const has = [&texts](std::string const& text) {
        return std::any_of(texts.begin(), texts.end(), [&text](std::string const& told) {
            return told.find(text) != std::string::npos;
        });
    };
    for (auto const* text : {
             "partly gatus.yaml:13: alerts: of 1 endpoints are not sent",
             "told gatus.yaml:9: storage: is left out: it is about Gatus itself",
             "told gatus.yaml:2: x-defaults: is passed over",
             "partly gatus.yaml:31: core/api: header Connection: is not sent",
             "partly gatus.yaml:31: core/api: [CERTIFICATE_EXPIRATION] > 48h: is left out",
             "told gatus.yaml:31: core/api: ui: is left out",
             "partly gatus.yaml:68: core/front/end: len([BODY].users) > 1: is left out",
             "partly gatus.yaml:76: mail & more/imaps: tls://: is a TCP check here",
             "missing gatus.yaml:80: router: icmp://: Muster has no check of this kind yet",
             "missing gatus.yaml:83: names: dns: Muster has no check of this kind yet",
             "missing gatus.yaml:89: old: enabled: false: it is switched off there",
             "missing gatus.yaml:101: core/backup: external-endpoints: results are pushed to it",
             "told gatus.yaml: variable PORT: is IMPORTED_PORT here",
         }) {
        EXPECT_TRUE(has(text)) << text;
    }
    if (HasFailure()) {
        for (auto const& text : texts) {
            std::cerr << text << '\n';
        }
    }
}

TEST(ImportGatus, KeepsSecretsOutOfTheFile) {
    auto const made = imported(import_gatus(fixture("gatus.yaml"), "gatus.yaml", {}));
    EXPECT_EQ(made.yaml.find("inline-key-0815"), std::string::npos);
    EXPECT_EQ(made.yaml.find("s3cr3t"), std::string::npos);
    EXPECT_NE(made.yaml.find("Bearer ${API_TOKEN}"), std::string::npos);
    std::vector<Variable> const wanted{
        {"CORE_API_TOKEN", "s3cr3t", "parameter token of core/api", false},
        {"CORE_API_X_API_KEY", "inline-key-0815", "header X-Api-Key of core/api", false},
        {"API_TOKEN", "", "as in the source", true},
        {"IMPORTED_PORT", "", "as in the source", true},
        {"INNER_HOST", "", "as in the source", true}};
    EXPECT_EQ(made.variables, wanted);
    for (auto const& text : texts_of(made.notes)) {
        EXPECT_EQ(text.find("s3cr3t"), std::string::npos) << text;
        EXPECT_EQ(text.find("inline-key"), std::string::npos) << text;
    }
}

TEST(ImportGatus, ConditionsOnTheStatus) {
    EXPECT_EQ(with_condition("[STATUS] == 200").expect.status, (Ranges{{200, 200}}));
    EXPECT_EQ(with_condition("200 == [STATUS]").expect.status, (Ranges{{200, 200}}));
    EXPECT_EQ(with_condition("300 > [STATUS]").expect.status, (Ranges{{100, 299}}));
    EXPECT_EQ(with_condition("[STATUS] < 300").expect.status, (Ranges{{100, 299}}));
    EXPECT_EQ(with_condition("[STATUS] <= 300").expect.status, (Ranges{{100, 300}}));
    EXPECT_EQ(with_condition("[STATUS] > 300").expect.status, (Ranges{{301, 599}}));
    EXPECT_EQ(with_condition("[STATUS] >= 300").expect.status, (Ranges{{300, 599}}));
    EXPECT_EQ(with_condition("[STATUS] != 500").expect.status, (Ranges{{100, 499}, {501, 599}}));
    EXPECT_EQ(with_condition("[STATUS] == any(200, 301)").expect.status,
              (Ranges{{200, 200}, {301, 301}}));
    EXPECT_EQ(with_condition("[STATUS] == pat(2*)").expect.status, (Ranges{{200, 299}}));
    EXPECT_EQ(with_condition("[CONNECTED] == true").expect.status, (Ranges{{100, 599}}));
}

TEST(ImportGatus, ConditionsOnTheBody) {
    EXPECT_EQ(with_condition("[BODY] == pat(*a b*)").expect.body, "a b");
    EXPECT_EQ(with_condition("[BODY] == pat(v[0-9]*)").expect.body_matches, "(?s)^v[0-9].*$");
    EXPECT_EQ(with_condition("[BODY] == o.k").expect.body_matches, "^o\\.k$");
    auto const json = [](std::string const& condition) {
        auto const found = with_condition(condition).expect.json;
        return found.size() == 1 ? found.front() : JsonCondition{};
    };
    EXPECT_EQ(json("[BODY].a.b == UP"),
              (JsonCondition{"a.b", JsonTest::equals, std::string("UP")}));
    EXPECT_EQ(json("[BODY].a == true"), (JsonCondition{"a", JsonTest::equals, true}));
    EXPECT_EQ(json("[BODY][0].id != 7"), (JsonCondition{"0.id", JsonTest::differs, 7.0}));
    EXPECT_EQ(json("[BODY].n > 5"), (JsonCondition{"n", JsonTest::at_least, 6.0}));
    EXPECT_EQ(json("[BODY].n <= 5"), (JsonCondition{"n", JsonTest::at_most, 5.0}));
    EXPECT_EQ(json("has([BODY].x) == true"), (JsonCondition{"x", JsonTest::exists, true}));
    EXPECT_EQ(json("has([BODY].x) != true"), (JsonCondition{"x", JsonTest::exists, false}));
}

TEST(ImportGatus, ConditionsThatNoCheckCanAskForAreTold) {
    for (auto const* condition :
         {"[STATUS] == abc", "[STATUS] == any(200, x)", "[BODY] != x", "[BODY].a == pat(x*)",
          "[BODY].a == any(1, 2)", "len([BODY].a) == 1", "[IP] == 127.0.0.1",
          "[DOMAIN_EXPIRATION] > 720h", "[RESPONSE_TIME] > 5", "[BODY].a == [BODY].b", "nothing",
          "[BODY].big == 99999999999999999999", "[BODY] == pat([x)", "[BODY].a[x] == 1"}) {
        auto const made =
            endpoint("http://h/", "    conditions: ['" + std::string(condition) + "']\n");
        EXPECT_EQ(made.partly, 1U) << condition;
        ASSERT_FALSE(made.notes.empty()) << condition;
        EXPECT_EQ(made.notes.front().what, condition);
        (void)read_back(made);
    }
    auto const none =
        endpoint("http://h/", "    conditions: ['[STATUS] < 300', '[STATUS] > 400']\n");
    EXPECT_EQ(none.partly, 1U);
    EXPECT_EQ(http_spec_of(none).expect.status, (Ranges{{100, 299}}));
}

TEST(ImportGatus, WhatCannotBeSentIsLeftOut) {
    EXPECT_EQ(endpoint("http://h/", "    method: PUT\n").missing, 1U);
    EXPECT_EQ(endpoint("udp://h:1", "").missing, 1U);
    EXPECT_EQ(endpoint("grpc://h:1", "").missing, 1U);
    EXPECT_EQ(endpoint("wss://h/", "").missing, 1U);
    EXPECT_EQ(endpoint("", "").missing, 1U);
    EXPECT_EQ(endpoint("http://exa mple/", "").missing, 1U);
    EXPECT_EQ(endpoint("http://h/", "    body: x\n").partly, 1U);
    auto const hidden = endpoint("tcp://h:none", "");
    EXPECT_EQ(hidden.missing, 1U);
    EXPECT_EQ(hidden.projects, 0U);
    EXPECT_NE(texts_of(hidden.notes).front().find("Muster does not take it: 'tcp': 'h:none'"),
              std::string::npos)
        << texts_of(hidden.notes).front();
}

TEST(ImportGatus, VariablesDecideWhereTheyMust) {
    auto const text = std::string("endpoints: [{ name: one, url: \"${URL}\" }]\n");
    auto const unknown = gatus(text);
    EXPECT_EQ(unknown.missing, 1U);
    auto const known = gatus(text, {{"URL", "tcp://h:25"}});
    EXPECT_EQ(known.carried, 1U);
    EXPECT_EQ(service_of(read_back(known), "gatus", "one").probe,
              ProbeSpec(TcpProbeSpec{{"h", 25}, IpFamily::any}));
}

TEST(ImportGatus, OutOfRangeTimesAreHeldAndTold) {
    auto const made = endpoint("http://h/",
                               "    interval: 1y\n    client: { timeout: 2h }\n"
                               "    alerts: [ { type: x, failure-threshold: 5000 } ]\n");
    EXPECT_EQ(made.partly, 1U);
    auto const service = service_of(read_back(made), "gatus", "one");
    EXPECT_EQ(service.policy.interval, 7 * 24h);
    EXPECT_EQ(service.policy.timeout, 10min);
    EXPECT_EQ(service.policy.failure_threshold, 1001U);
    EXPECT_EQ(endpoint("http://h/", "    interval: soon\n").partly, 1U);
}

TEST(ImportGatus, GraphqlIsWrapped) {
    auto const http = http_spec_of(
        endpoint("http://h/", "    method: POST\n    graphql: true\n    body: '{ \"x\" }'\n"));
    EXPECT_EQ(http.body, R"({"query":"{ \"x\" }"})");
    EXPECT_EQ(http.headers, (std::vector<HttpHeader>{{"Content-Type", "application/json"}}));
}

TEST(ImportGatus, RefusesWhatIsNoConfigurationOfIt) {
    EXPECT_EQ(mistake_of(import_gatus("a: [", "g", {})).substr(0, 2), "g:");
    EXPECT_EQ(mistake_of(import_gatus("", "g", {})),
              "g:1:1: no configuration of Gatus: it has no 'endpoints'");
    EXPECT_EQ(mistake_of(import_gatus("[1, 2]", "g", {})),
              "g:1:1: no configuration of Gatus: it has no 'endpoints'");
    EXPECT_EQ(mistake_of(import_gatus(std::string("a: \0", 4), "g", {})),
              "g:1:4: a control character stands here: take it out");
    EXPECT_NE(mistake_of(import_gatus("endpoints: &a [*a]", "g", {})).find("has no end"),
              std::string::npos);
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < 9; ++level) {
        auto const before = "*a" + std::to_string(level - 1);
        bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + before;
        for (int copy = 1; copy < 10; ++copy) {
            bomb += ", " + before;
        }
        bomb += "]\n";
    }
    EXPECT_NE(mistake_of(import_gatus(bomb + "endpoints: *a8\n", "g", {})).find("more than"),
              std::string::npos);
}

TEST(ImportGatus, WrongTypesAreNoEndpoints) {
    for (auto const* text :
         {"endpoints: 5\n", "endpoints: {a: b}\n", "endpoints: [1, [2], ~, {}]\n",
          "endpoints: [{name: [x], url: {a: b}, conditions: 7, headers: [], alerts: {a: b}}]\n",
          "endpoints: [{name: x, url: 'http://h', client: 5, interval: [], headers: {a: [b]}}]\n",
          "external-endpoints: [~]\nsuites: 5\nmaintenance: []\nalerting: 5\n"}) {
        auto const made = import_gatus(text, "g", {});
        ASSERT_TRUE(made) << text;
        (void)read_back(*made);
    }
}

}  // namespace
}  // namespace muster::importing
