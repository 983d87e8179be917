#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <muster/config/load.hpp>

namespace muster::config {
namespace {

using Lines = std::vector<std::string>;

Lines refused(std::string text, Environment environment = {}) {
    LoadInput input;
    input.file_text = std::move(text);
    input.file_name = "f";
    input.environment = std::move(environment);
    auto const configuration = load(input);
    Lines lines;
    if (!configuration) {
        for (auto const& mistake : configuration.error()) {
            lines.push_back(to_text(mistake));
        }
    }
    return lines;
}

TEST(MistakesInFile, UnknownKeysNameTheNearestKnownOne) {
    EXPECT_EQ(refused("hubb: {}\n"), (Lines{"f:1:1: unknown key 'hubb': did you mean 'hub'?"}));
    EXPECT_EQ(refused("limits: { inflight: 1, x: 2 }\n"),
              (Lines{"f:1:11: unknown key 'inflight': did you mean 'inFlight'?",
                     "f:1:24: unknown key 'x': 'limits' has inFlight, perHost, perGroup"}));
    EXPECT_EQ(refused("projects:\n  - name: a\n    url: http://h\n    service: []\n"),
              (Lines{"f:4:5: unknown key 'service': did you mean 'services'?"}));
}

TEST(MistakesInFile, KeysOfThingsToComeAreRefusedByName) {
    EXPECT_EQ(refused(R"(
channels: {}
aggregator: {}
alertRules: []
projects:
  - name: shop
    url: http://h
    services:
      - name: db
        probe: { postgres: "postgresql://app@h/shop" }
      - name: web
        probe: { tcp: "h:1" }
        command: [run]
      - name: disk
        probe: { exec: ["true"] }
)"),
              (Lines{"f:2:1: 'channels' is not built yet", "f:3:1: 'aggregator' is not built yet",
                     "f:4:1: 'alertRules' is not built yet", "f:10:18: 'postgres' is not built yet",
                     "f:13:9: 'command' is not built yet", "f:15:18: 'exec' is not built yet"}));
}

TEST(MistakesInFile, ARedisUrlSaysWhatIsWrongWithoutItsPassword) {
    auto const lines = refused("redis: { url: \"redis://:hunter2@r:0\" }\n");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].rfind("f:1:15: 'url': redis:// has no readable host and port", 0), 0U)
        << lines[0];
    EXPECT_EQ(refused("redis: { uri: x }\n"),
              (Lines{"f:1:10: unknown key 'uri': did you mean 'url'?"}));
}

TEST(MistakesInFile, ReadsByTokenNeedAToken) {
    Lines const mistake{"f:1:16: 'reads: token' needs a token: set auth.token or MUSTER_TOKEN"};
    EXPECT_EQ(refused("auth: { reads: token }\n"), mistake);
    EXPECT_EQ(refused("auth: { reads: token, token: \"${NONE:-}\" }\n"), mistake);
    // What is wrong with a token is told once.
    EXPECT_EQ(refused("auth: { token: \"***\", reads: token }\n").size(), 1U);
    EXPECT_EQ(refused("auth: { reads: tokens, token: x }\n"),
              (Lines{"f:1:16: 'reads' wants one of open, token (perhaps token), not 'tokens'"}));
}

TEST(MistakesInFile, ProbesAreGuardedOrOpen) {
    EXPECT_EQ(refused("auth: { probe: shut }\n"),
              (Lines{"f:1:16: 'probe' wants one of guarded, open, not 'shut'"}));
}

TEST(MistakesInFile, KeysThatAreNearlyThoseToComeNameThem) {
    EXPECT_EQ(
        refused(R"(
chanels: { url: x }
alertRule: []
projects:
  - name: shop
    url: http://h
    services: [ { name: db, probe: { postgress: "h" } } ]
)"),
        (Lines{"f:2:1: unknown key 'chanels': did you mean 'channels', which is not built "
               "yet?",
               "f:3:1: unknown key 'alertRule': did you mean 'alertRules', which is not built "
               "yet?",
               "f:7:38: unknown key 'postgress': did you mean 'postgres', which is not built "
               "yet?"}));
}

TEST(MistakesInFile, NamesGivenTwiceAreToldBesideOtherMistakes) {
    EXPECT_EQ(refused(R"(
projects:
  - { name: a, url: nowhere }
  - { name: a, url: "http://h" }
  - name: b
    url: http://h
    services:
      - { name: db }
      - { name: db, probe: { tcp: "h:1" } }
      - { name: db, probe: { tcp: "h" } }
      - { name: app }
      - { name: "d b" }
      - { name: "d b" }
)",
                      {}),
              (Lines{"f:3:21: 'url': 'nowhere' is no http or https URL: write an absolute one, "
                     "such as http://127.0.0.1:3010/health",
                     "f:4:5: project 'a' is already given in line 3",
                     "f:8:9: 'probe' is missing: say how the service is checked, such as probe: { "
                     "tcp: \"127.0.0.1:25\" }",
                     "f:9:9: service 'db' of project 'b' is already given in line 8",
                     "f:10:9: service 'db' of project 'b' is already given in line 8",
                     "f:10:35: 'tcp': 'h' has no port: write host:port, such as 127.0.0.1:25 or "
                     "[::1]:25",
                     "f:11:9: 'probe' is missing: say how the service is checked, such as probe: { "
                     "tcp: \"127.0.0.1:25\" }",
                     "f:11:9: 'app' is the service that every project has by its url: give this "
                     "one another name",
                     "f:12:9: 'probe' is missing: say how the service is checked, such as probe: { "
                     "tcp: \"127.0.0.1:25\" }",
                     "f:12:17: 'name' wants a name: letters, digits, - and _, at most 100, not 'd "
                     "b'",
                     "f:13:9: 'probe' is missing: say how the service is checked, such as probe: { "
                     "tcp: \"127.0.0.1:25\" }",
                     "f:13:17: 'name' wants a name: letters, digits, - and _, at most 100, not 'd "
                     "b'"}));
}

TEST(MistakesInFile, MasksOfSecretFieldsAreNoValues) {
    EXPECT_EQ(refused(R"(
projects:
  - name: shop
    url: http://h
    services:
      - name: web
        probe:
          http: http://h
          expect:
            json:
              - { field: session.token, equals: "***" }
              - { notEquals: "${MASK}", field: api_key }
              - { field: code, atLeast: "***" }
              - { field: code, exists: true }
              - { field: stars, equals: "***" }
)",
                      {{"MASK", "***"}}),
              (Lines{"f:11:49: 'equals' wants the secret itself: *** only stands for it",
                     "f:12:30: 'notEquals' wants the secret itself: *** only stands for it",
                     "f:13:41: 'atLeast' wants the secret itself: *** only stands for it"}));
}

TEST(MistakesInFile, FilesThatCannotBeReadAreToldWithTheirLine) {
    LoadInput input;
    input.file_name = "f";
    input.file_text = R"(
projects:
  - name: shop
    url: http://h
    services:
      - { name: a, probe: { http: "https://h", tls: { ca: /etc/gone.pem } } }
      - { name: b, probe: { http: "https://h", tls: { ca: "${CA}" } } }
      - { name: c, probe: { http: "https://h", tls: { ca: "" } } }
)";
    input.environment = {{"CA", "/etc/there.pem"}};
    EXPECT_TRUE(load(input)) << "nobody can look at files";
    input.machine.why_unreadable = [](std::string const& path) {
        return path == "/etc/there.pem" ? std::nullopt : std::optional<std::string>("is not there");
    };
    auto const refused = load(input);
    ASSERT_FALSE(refused);
    ASSERT_EQ(refused.error().size(), 1U);
    EXPECT_EQ(to_text(refused.error().front()), "f:6:59: 'ca': '/etc/gone.pem' is not there");
    input.machine.refuses_unreadable = false;
    auto const warned = load(input);
    ASSERT_TRUE(warned);
    EXPECT_EQ(warned->warnings, (Lines{"f:6:59: 'ca': '/etc/gone.pem' is not there"}));
}

TEST(MistakesInFile, NamesOfTheUsersOwnCanBeWrittenAgain) {
    auto const text = [](std::string const& name) {
        return "projects:\n- name: a\n  url: http://h\n  services:\n  - name: b\n"
               "    probe: { tcp: \"h:1\" }\n    metadata: { \"" +
               name + "\": x }\n";
    };
    EXPECT_EQ(refused(text(std::string(250, 'x'))), Lines{});
    Lines const wanted{
        "f:7:17: 'metadata' wants names of at most 250 bytes, without control characters"};
    EXPECT_EQ(refused(text(std::string(251, 'x'))), wanted);
    EXPECT_EQ(refused(text("a\\tb")), wanted);
}

TEST(MistakesInFile, ShardsAreFrom1To64) {
    EXPECT_EQ(refused("hub: { shards: 0 }"),
              (Lines{"f:1:16: 'shards' wants a whole number from 1 to 64, not '0'"}));
    EXPECT_EQ(refused("hub: { shards: 65 }"),
              (Lines{"f:1:16: 'shards' wants a whole number from 1 to 64, not '65'"}));
    EXPECT_EQ(refused("hub: { shards: two }"),
              (Lines{"f:1:16: 'shards' wants a whole number from 1 to 64, not 'two'"}));
}

TEST(MistakesInFile, WrongTypesSayWhatWouldBeRight) {
    EXPECT_EQ(
        refused(R"(
hub: x
logging: [info]
limits: { inFlight: many, perHost: 0 }
retention: { raw: [1d] }
cors: { origins: "*" }
defaults: { interval: fast, timeout: 1h, retries: -1, successThreshold: 0, degradedAbove: }
projects: { name: a }
)"),
        (Lines{"f:2:6: 'hub' wants keys with values (key: value)",
               "f:3:10: 'logging' wants keys with values (key: value)",
               "f:4:21: 'inFlight' wants a whole number from 1 to 100000, not 'many'",
               "f:4:36: 'perHost' wants a whole number from 1 to 100000, not '0'",
               "f:5:19: 'raw' wants a duration: a number with a unit, such as 250ms, 5s, 2m, 1h or "
               "7d, not a list",
               "f:6:18: 'origins' wants a list of words, such as [eu, retail], not '*'",
               "f:7:23: 'interval': 'fast' is not a duration: write a number with a unit, such as "
               "250ms, 5s, 2m, 1h or 7d",
               "f:7:38: 'timeout' wants a duration from 1ms to 10m, not '1h'",
               "f:7:51: 'retries' wants a whole number from 0 to 1000, not '-1'",
               "f:7:73: 'successThreshold' wants a whole number from 1 to 1000, not '0'",
               "f:7:89: 'degradedAbove' wants a duration: a number with a unit, such as 250ms, 5s, "
               "2m, 1h or 7d, not nothing",
               "f:8:11: 'projects' wants a list of projects (- name: ...), not keys with values"}));
}

TEST(MistakesInFile, WordsNameTheOnesThereAre) {
    EXPECT_EQ(
        refused("logging: { level: warning, format: yaml }\n"),
        (Lines{
            "f:1:19: 'level' wants one of debug, info, warn, error (perhaps warn), not 'warning'",
            "f:1:36: 'format' wants one of text, json, not 'yaml'"}));
    EXPECT_EQ(
        refused("projects:\n- name: a\n  url: http://h\n  critical: maybe\n  connection: keep\n"
                "  metrics: none\n"),
        (Lines{"f:4:13: 'critical' wants true or false, not 'maybe'",
               "f:5:15: 'connection' wants one of auto, reuse, fresh, not 'keep'",
               "f:6:12: 'metrics' wants true or false, not 'none'"}));
}

TEST(MistakesInFile, NamesUrlsAndPathsAreChecked) {
    EXPECT_EQ(
        refused(R"(
hub: { id: my.hub, listen: [":3001", "h:1"] }
cors: { origins: ["https://h/path"] }
projects:
  - { name: status, url: "http://h" }
  - { name: a, url: "localhost:3010" }
  - { name: b, url: "http://h", healthPath: health, metricsPath: "/a b" }
  - { url: "http://h" }
  - { name: c }
  - word
  -
)"),
        (Lines{
            "f:2:12: 'id' wants a name: letters, digits, - and _, at most 100, not 'my.hub'",
            "f:2:29: 'listen' wants host:port, such as 0.0.0.0:3001, or a list of them, not "
            "':3001'",
            "f:3:18: 'origins' wants \"*\" or origins such as https://example.org:8443, without a "
            "path, not a list",
            "f:5:13: 'name': 'status' is reserved: /api/projects/status tells of all projects; "
            "choose another name",
            "f:6:21: 'url': 'localhost:3010' is no http or https URL: write an absolute one, such "
            "as http://127.0.0.1:3010/health",
            "f:7:45: 'healthPath' wants a path that starts with /, such as /health, not 'health'",
            "f:7:66: 'metricsPath' wants a path that starts with /, such as /health, not '/a b'",
            "f:8:5: 'name' is missing: it wants a name: letters, digits, - and _, at most 100, not "
            "only digits",
            "f:9:5: 'url' is missing: it wants the project's base URL, such as "
            "http://127.0.0.1:3010; only a project with 'services' can do without",
            "f:10:5: a project wants keys with values (key: value)",
            "f:11:3: 'name' is missing: it wants a name: letters, digits, - and _, at most 100, "
            "not only digits",
            "f:11:3: 'url' is missing: it wants the project's base URL, such as "
            "http://127.0.0.1:3010; only a project with 'services' can do without"}));
}

TEST(MistakesInFile, AProjectWithoutUrlSaysNothingOfOne) {
    EXPECT_EQ(refused("projects:\n"
                      "  - name: a\n"
                      "    healthPath: /x\n"
                      "    retries: 1\n"
                      "    metrics: off\n"
                      "    dependsOn: [b]\n"
                      "    services:\n"
                      "      - { name: b, probe: { tcp: \"h:1\" }, dependsOn: [app] }\n"
                      "      - { name: app, probe: { tcp: \"h:1\" } }\n"
                      "  - { name: c, services: [] }\n"),
              (Lines{"f:3:5: 'healthPath' goes with 'url', which is missing",
                     "f:4:5: 'retries' goes with 'url', which is missing",
                     "f:5:5: 'metrics' goes with 'url', which is missing",
                     "f:6:5: 'dependsOn' goes with 'url', which is missing",
                     "f:9:9: 'app' is the service that every project has by its url: give this one "
                     "another name",
                     "f:10:5: 'url' is missing: it wants the project's base URL, such as "
                     "http://127.0.0.1:3010; only a project with 'services' can do without"}));
}

TEST(MistakesInFile, ServicesAreCheckedEvenWhereTheirProjectIsWrong) {
    EXPECT_EQ(
        refused(R"(
projects:
  - name: 42
    url: http://h
    services:
      - { name: a, probe: { tcp: "h" } }
      - { name: b }
      - { name: c, probe: {} }
      - { name: d, probe: { http: "http://h", tcp: "h:1" } }
      - { name: e, probe: { http: [] } }
      - { name: f, probe: "http://h" }
      - { probe: { tcp: "h:1" } }
      - { name: g, probe: [] }
      - { name: h, probe: }
)"),
        (Lines{"f:3:11: 'name' wants a name: letters, digits, - and _, at most 100, not only "
               "digits, not '42'",
               "f:6:34: 'tcp': 'h' has no port: write host:port, such as 127.0.0.1:25 or [::1]:25",
               "f:7:9: 'probe' is missing: say how the service is checked, such as "
               "probe: { tcp: \"127.0.0.1:25\" }",
               "f:8:27: 'probe' wants a kind and a target, such as { http: "
               "\"http://127.0.0.1/health\" }, not keys with values",
               "f:9:47: a probe is of one kind: 'http' or 'tcp'",
               "f:10:35: 'http' wants a URL or a list of 1 to 32 URLs, not a list",
               "f:11:27: a probe wants keys with values (key: value)",
               "f:12:9: 'name' is missing: it wants a name: letters, digits, - and _, at most 100",
               "f:13:27: a probe wants keys with values (key: value)",
               "f:14:25: 'probe' wants a kind and a target, such as { http: "
               "\"http://127.0.0.1/health\" }, not nothing"}));
}

TEST(MistakesInFile, NamesAreGivenOnce) {
    EXPECT_EQ(
        refused(R"(
projects:
  - name: a
    url: http://h
    url: http://i
    services:
      - { name: x, probe: { tcp: "h:1" } }
      - { name: X, probe: { tcp: "h:1" } }
      - { name: x, probe: { tcp: "h:2" } }
      - { name: app, probe: { tcp: "h:2" } }
  - { name: b, url: "http://h", services: [ { name: x, probe: { tcp: "h:1" } } ] }
  - { name: a, url: "http://h" }
)"),
        (Lines{
            "f:5:5: 'url' is already given in line 4",
            "f:9:9: service 'x' of project 'a' is already given in line 7",
            "f:10:9: 'app' is the service that every project has by its url: give this one another "
            "name",
            "f:12:5: project 'a' is already given in line 3"}));
}

TEST(MistakesInFile, VariablesThatAreNotSetAreTold) {
    EXPECT_EQ(refused("hub: { id: \"${NONE}\" }\nlimits: { inFlight: \"${X\" }\n"),
              (Lines{"f:1:12: 'id': ${NONE} is not set: set it or write ${NONE:-default}",
                     "f:2:21: 'inFlight': '${X' lacks its '}'"}));
}

TEST(MistakesInFile, WhatWasFilledInIsNeverShown) {
    auto const lines = refused(
        "hub: { id: \"${SECRET}\" }\n"
        "limits: { inFlight: \"${SECRET}\" }\n"
        "retention: { raw: \"${SECRET}\" }\n"
        "logging: { level: \"${SECRET}\" }\n"
        "projects: [ { name: \"${SECRET}\", url: \"${SECRET}\", critical: \"${SECRET}\", services: "
        "[\n"
        "  { name: a, type: \"${SECRET}\", probe: { tcp: \"${SECRET}\" } } ] } ]\n",
        {{"SECRET", "hunter 2"}});
    EXPECT_EQ(lines.size(), 9U);
    for (auto const& line : lines) {
        EXPECT_EQ(line.find("hunter"), std::string::npos) << line;
        EXPECT_NE(line.find("'${SECRET}' as it was filled in"), std::string::npos) << line;
    }
}

TEST(MistakesInFile, KeysAreWordsAndMapsHaveValues) {
    EXPECT_EQ(refused("? [a]\n: b\n"), (Lines{"f:1:3: a key must be a word"}));
    EXPECT_EQ(refused("- a\n"),
              (Lines{"f:1:1: the configuration wants keys with values (key: value)"}));
    EXPECT_EQ(refused("<<: { hub: x }\n"),
              (Lines{"f:1:1: merge keys (<<) are not supported: write the keys out"}));
}

TEST(MistakesInFile, ProbesAreCheckedKeyByKey) {
    EXPECT_EQ(
        refused(R"(
projects:
  - name: shop
    url: http://h
    services:
      - { name: a, probe: { http: "http://h", method: PUT, redirects: 11, ip: v4, fallback: maybe } }
      - { name: b, probe: { tcp: "h:1", method: GET, tls: {} } }
      - { name: c, probe: { http: "http://h", body: x } }
      - { name: d, probe: { http: "http://h", method: HEAD, expect: { body: ok } } }
      - { name: e, probe: { http: ["http://h", "http://i"], fallback: true } }
      - { name: f, probe: { http: "http://h", tls: { serverName: "a b", verfy: no } } }
      - { name: g, probe: { method: GET } }
      - { name: h, probe: { http: ["http://h", "ftp://i"] } }
)"),
        (Lines{
            "f:6:55: 'method' wants one of GET, HEAD, POST, not 'PUT'",
            "f:6:71: 'redirects' wants a whole number from 0 to 10, not '11'",
            "f:6:79: 'ip' wants one of any, 4, 6 (perhaps 4), not 'v4'",
            "f:6:93: 'fallback' wants true or false, not 'maybe'",
            "f:7:41: 'method' goes with 'http', not with 'tcp'",
            "f:7:54: 'tls' goes with 'http', not with 'tcp'",
            "f:8:47: 'body' goes with 'method: POST' only",
            "f:9:61: 'expect' asks for a body, which the answer to HEAD never has",
            "f:10:61: 'fallback' goes with one URL, not with a list",
            "f:11:66: 'serverName' wants the name of a host, such as shop.example.org, not 'a b'",
            "f:11:73: unknown key 'verfy': did you mean 'verify'?",
            "f:12:20: 'probe' has no target: give 'http' or 'tcp'",
            "f:13:48: 'http': 'ftp://i' is no http or https URL: write an absolute one, such as "
            "http://127.0.0.1:3010/health"}));
}

TEST(MistakesInFile, ExpectationsSayWhatIsWrongWithThem) {
    EXPECT_EQ(
        refused(R"(
projects:
  - name: shop
    url: http://h
    services:
      - name: a
        probe:
          http: http://h
          expect:
            status: [200, 99, "300-200", 2xx, ok]
            matches: "a("
            json:
              - { equals: 1 }
              - { field: a, atLeast: many }
              - { field: a, equals: 1, atMost: 2 }
              - { field: a, equals: [1] }
              - { field: a, exists: perhaps }
              - { field: a, is: 1 }
              - word
)"),
        (Lines{
            "f:10:27: 'status' wants a status code from 100 to 599, a range such as 200-299, or a "
            "list of them, not '99'",
            "f:10:31: 'status' wants a status code from 100 to 599, a range such as 200-299, or a "
            "list of them, not '300-200'",
            "f:10:42: 'status' wants a status code from 100 to 599, a range such as 200-299, or a "
            "list of them, not '2xx'",
            "f:10:47: 'status' wants a status code from 100 to 599, a range such as 200-299, or a "
            "list of them, not 'ok'",
            "f:11:22: 'matches' is no RE2 expression: missing ): a(",
            "f:13:17: 'field' is missing: say which field of the answer, such as db.ok",
            "f:14:38: 'atLeast' wants a number, not 'many'",
            "f:15:40: a condition has one test: 'equals' or 'atMost'",
            "f:16:37: 'equals' wants text, a number, true, false or null, not a list",
            "f:17:37: 'exists' wants true or false, not 'perhaps'",
            "f:18:29: unknown key 'is': 'json' has field, equals, notEquals, atLeast, atMost, "
            "exists",
            "f:19:17: 'json' wants keys with values (key: value)"}));
}

TEST(MistakesInFile, HeadersAreChecked) {
    EXPECT_EQ(refused(R"(
projects:
  - name: shop
    url: http://h
    services:
      - name: a
        probe:
          http: http://h
          headers:
            X-Key: a
            x-key: b
            X-Key: c
            "a b": c
            Content-Length: 5
            Keep-Alive: "5"
            Host: a,b
            X-Two: "one\ntwo"
            X-List: [a]
      - { name: b, probe: { http: "http://h", headers: [X-Key] } }
)"),
              (Lines{"f:11:13: 'x-key' is given twice: case does not matter",
                     "f:12:13: 'X-Key' is already given in line 10",
                     "f:13:13: 'a b' is no name of a header: it has letters, digits and dashes",
                     "f:14:13: header 'Content-Length' cannot be given: it follows from the body",
                     "f:15:13: header 'Keep-Alive' cannot be given: say 'connection: reuse' or "
                     "'connection: fresh'",
                     "f:16:19: header 'Host' is a name, or a name and a port",
                     "f:17:20: the value of header 'X-Two' has a line end or another control "
                     "character",
                     "f:18:21: 'X-List' wants a header's value: text of one line without blanks "
                     "around it, not a list",
                     "f:19:56: 'headers' wants names with values, such as { X-Key: abc }, not a "
                     "list"}));
}

TEST(MistakesInFile, AnAddressMustBeOfTheFamilyThatIsAskedFor) {
    EXPECT_EQ(refused(R"(
projects:
  - name: shop
    url: http://h
    services:
      - { name: a, probe: { tcp: "127.0.0.1:1", ip: 6 } }
      - { name: b, probe: { tcp: "[::1]:1", ip: 4 } }
      - { name: c, probe: { http: ["http://h", "http://[::1]"], ip: 4 } }
      - { name: d, probe: { http: "http://[::1]", ip: 6 } }
      - { name: e, probe: { tcp: "localhost:1", ip: 6 } }
)"),
              (Lines{"f:6:53: 'ip: 6' rules out 127.0.0.1, which is an IPv4 address",
                     "f:7:49: 'ip: 4' rules out ::1, which is an IPv6 address",
                     "f:8:69: 'ip: 4' rules out ::1, which is an IPv6 address"}));
}

TEST(MistakesInFile, JsonConditionsNameAFieldAndAreNotTooMany) {
    std::string many;
    for (int condition = 0; condition < 65; ++condition) {
        many += "{ field: a },";
    }
    std::string deep = "a";
    for (int name = 1; name < 65; ++name) {
        deep += ".a";
    }
    auto const lines = refused(R"(
projects:
  - name: shop
    url: http://h
    services:
      - name: x
        probe:
          http: http://h
          expect:
            json:
              - { field: a..b }
              - { field: )" + deep +
                               R"( }
      - name: y
        probe:
          http: http://h
          expect: { json: [)" + many +
                               R"(] }
)");
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0],
              "f:11:26: 'field': the JSON field 'a..b' has an empty name: write names joined by "
              "dots, such as db.ok or nodes.0.role");
    EXPECT_EQ(lines[1].substr(0, 40), "f:12:26: 'field': the JSON field 'a.a.a.");
    EXPECT_EQ(lines[2], "f:16:27: 'json' wants at most 64 conditions, not 65");
}

TEST(MistakesInFile, SecretsAreNotShownEvenWhereTheyStandInTheFile) {
    auto const lines = refused(
        R"(
auth: { token: "hunter two" }
projects:
  - name: shop
    url: "http://me:hunter2@h h/"
    services:
      - name: a
        probe: { http: "http://me:hunter2@${HOST}/", headers: { A: "hunter2\n" } }
)",
        {{"HOST", "bad host"}});
    EXPECT_EQ(lines.size(), 4U);
    for (auto const& line : lines) {
        EXPECT_EQ(line.find("hunter"), std::string::npos) << line;
    }
}

TEST(MistakesInFile, AMaskStandsForNoSecretEvenFilledIn) {
    EXPECT_EQ(refused(R"(
auth: { token: "${MASK}" }
projects:
  - name: shop
    url: "http://me:${MASK}@h"
    services:
      - name: a
        probe: { http: "http://h/?key=${MASK}", headers: { A: "${MASK}" } }
)",
                      {{"MASK", "***"}}),
              (Lines{"f:2:16: 'token' wants the secret itself: *** only stands for it",
                     "f:5:10: 'url' wants the secret itself: *** only stands for it",
                     "f:8:24: 'http' wants the secret itself: *** only stands for it",
                     "f:8:63: 'A' wants the secret itself: *** only stands for it"}));
    EXPECT_EQ(refused("", {{"MUSTER_TOKEN", "***"}}),
              (Lines{"MUSTER_TOKEN wants the secret itself: *** only stands for it"}));
    auto const listed = refused("", {{"PROJECTS", "shop:http://***@h"}});
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_NE(listed.front().find("the secret itself is wanted"), std::string::npos) << listed[0];
}

TEST(MistakesInFile, JudgementIsChecked) {
    EXPECT_EQ(
        refused(R"(
defaults: { failuresOf: [5, 3], hysteresis: 100%, grace: 2d, connection: keep }
projects:
  - name: shop
    url: http://h
    failuresOf: 3
    hysteresis: much
    services:
      - { name: a, probe: { tcp: "h:1" }, failuresOf: [1, 2, 3] }
      - { name: b, probe: { tcp: "h:1" }, failuresOf: [0, 40] }
      - { name: c, probe: { tcp: "h:1" }, port: 0, metadata: [x], capabilities: all }
)"),
        (Lines{
            "f:2:25: 'failuresOf' wants two numbers such as [3, 5] (3 failures of the last 5, at "
            "most of the last 32), or [] for none",
            "f:2:45: 'hysteresis' wants a percentage from 0% to 99%, such as 20%, not '100%'",
            "f:2:58: 'grace' wants a duration from 0s to 1d, not '2d'",
            "f:2:74: 'connection' wants one of auto, reuse, fresh, not 'keep'",
            "f:6:17: 'failuresOf' wants two numbers such as [3, 5] (3 failures of the last 5, at "
            "most of the last 32), or [] for none, not '3'",
            "f:7:17: 'hysteresis' wants a percentage from 0% to 99%, such as 20%, not 'much'",
            "f:9:55: 'failuresOf' wants two numbers such as [3, 5] (3 failures of the last 5, at "
            "most of the last 32), or [] for none",
            "f:10:56: 'failuresOf' wants a whole number from 1 to 32, not '0'",
            "f:11:49: 'port' wants a whole number from 1 to 65535, not '0'",
            "f:11:62: 'metadata' wants names with texts, such as { team: web }, not a list",
            "f:11:81: 'capabilities' wants a list of words, such as [eu, retail], not 'all'"}));
}

TEST(MistakesInFile, DependenciesMustExistAndFormNoRing) {
    EXPECT_EQ(
        refused(R"(
projects:
  - name: shop
    url: http://h
    dependsOn: [web]
    services:
      - { name: web, probe: { tcp: "h:1" }, dependsOn: [db, "?gone", other/app, "a b", db] }
      - { name: db, probe: { tcp: "nowhere" }, dependsOn: [app] }
  - { name: other, url: "http://o" }
)"),
        (Lines{
            "f:7:61: shop/web depends on shop/gone, which does not exist",
            "f:7:81: 'dependsOn' wants services: name of the same project, other/name of another "
            "one, ?name where it is optional, not 'a b'",
            "f:7:88: shop/web depends on shop/db twice",
            "f:8:35: 'tcp': 'nowhere' has no port: write host:port, such as 127.0.0.1:25 or "
            "[::1]:25",
            "f:8:60: dependencies form a ring: app -> web -> db -> app"}));
}

TEST(MistakesInFile, FormerNamesCanBeCarriedOut) {
    EXPECT_EQ(refused(R"(
projects:
  - { name: a, url: "http://h", formerly: a }
  - { name: b, url: "http://h", formerly: old }
  - name: c
    url: http://h
    formerly: old
    services:
      - { name: x, formerly: y, probe: { tcp: "h:1" } }
      - { name: y, formerly: x, probe: { tcp: "h:1" } }
      - { name: z, formerly: "a b", probe: { tcp: "h:1" } }
)"),
              (Lines{"f:3:43: a says formerly: a, its own name: give the one it had before",
                     "f:7:15: b and c both say formerly: old; only one can have been it",
                     "f:9:30: formerly goes in a ring: c/x was c/y was c/x; rename in two steps "
                     "over another name",
                     "f:11:30: 'formerly' wants a name: letters, digits, - and _, at most 100, not "
                     "'a b'"}));
}

TEST(MistakesInFile, MaintenanceIsChecked) {
    EXPECT_EQ(
        refused(R"(
maintenance:
  - { until: 2026-01-01T00:00:00Z }
  - { match: { project: x, types: [db] } }
  - { match: {}, from: 2026-01-02T00:00:00Z, until: 2026-01-01T00:00:00Z }
  - { match: {}, from: tomorrow }
  - { match: {}, weekly: { day: sunday, from: "2:00", to: "25:00" } }
  - { match: {}, weekly: { day: sun, from: "24:00", to: "24:00" }, from: 2026-01-01T00:00:00Z }
  - { match: {}, weekly: {} }
  - { match: {}, weekly: daily }
)"),
        (Lines{
            "f:3:5: 'match' is missing: say which services, such as match: { projects: [shop] }, "
            "or "
            "match: {} for all",
            "f:4:5: a maintenance window wants 'from' and 'until', or 'weekly'",
            "f:4:16: unknown key 'project': did you mean 'projects'?",
            "f:4:36: 'types' wants one of api, web, database, cache, worker, queue, other, not "
            "'db'",
            "f:5:53: 'until' is not after 'from'",
            "f:6:24: 'from' wants a time in UTC or with its offset: 2026-11-22T05:00:00Z, not "
            "'tomorrow'",
            "f:7:33: 'day' wants one of sun, mon, tue, wed, thu, fri, sat (perhaps sun), not "
            "'sunday'",
            "f:7:47: 'from' wants a local time of day in quotes, such as \"02:00\", not '2:00'",
            "f:7:59: 'to' wants a local time of day in quotes, such as \"02:00\", not '25:00'",
            "f:8:18: 'weekly' stands alone: without 'from' and 'until'",
            "f:8:44: 'from' wants a local time of day in quotes, such as \"02:00\", not '24:00'",
            "f:9:18: 'day' is missing: it wants one of sun, mon, tue, wed, thu, fri, sat",
            "f:9:26: 'from' is missing: it wants a local time of day in quotes, such as \"02:00\"",
            "f:9:26: 'to' is missing: it wants a local time of day in quotes, such as \"02:00\"",
            "f:10:26: 'weekly' wants keys with values (key: value)"}));
}

TEST(MistakesInFile, ZonesAreThoseOfTheMachine) {
    LoadInput input;
    input.file_name = "f";
    input.file_text =
        "maintenance:\n"
        "  - { match: {}, weekly: { day: sun, from: \"02:00\", to: \"04:00\", zone: Europe/Berlin "
        "} }\n"
        "  - { match: {}, weekly: { day: sun, from: \"02:00\", to: \"04:00\", zone: Europe/Berlim "
        "} }\n"
        "  - { match: {}, weekly: { day: sun, from: \"02:00\", to: \"04:00\" } }\n";
    input.machine.knows_zone = [](std::string const& zone) { return zone == "Europe/Berlin"; };
    auto const configuration = load(input);
    ASSERT_FALSE(configuration);
    ASSERT_EQ(configuration.error().size(), 1U);
    EXPECT_EQ(to_text(configuration.error().front()),
              "f:3:72: 'zone' wants a time zone that this machine knows, such as UTC or "
              "Europe/Berlin, not 'Europe/Berlim'");
}

TEST(MistakesInFile, SettingsOfTheHubAreChecked) {
    EXPECT_EQ(
        refused(R"(
hub: { listen: ["0.0.0.0:3001", "0.0.0.0:3001", "h:0", "h:0"], hosts: ["http://h"] }
limits: { perGroup: { a: 0, b: 1, b: 2 } }
retention: { rawSize: huge, minute: 1s, hour: 5000d }
)"),
        (Lines{"f:2:33: 'listen' names 0.0.0.0:3001 twice",
               "f:2:71: 'hosts' wants names of this hub without a port, such as muster.example.org",
               "f:3:26: 'a' wants a whole number from 1 to 100000, not '0'",
               "f:3:35: 'b' is already given in line 3",
               "f:4:23: 'rawSize' wants a size with a unit, such as 500MB or 20GB, not 'huge'",
               "f:4:37: 'minute' wants a duration from 1h to 3650d, not '1s'",
               "f:4:47: 'hour' wants a duration from 1h to 3650d, not '5000d'"}));
    EXPECT_EQ(refused("retention: { rawSize: 1kB }\n"),
              (Lines{"f:1:23: 'rawSize' wants a size from 1MB to 1000TB, not '1kB'"}));
}

TEST(MistakesInFile, MetricsMapsAreChecked) {
    auto const lines = refused(R"(
projects:
  - name: shop
    url: http://h
    metricsMap:
      requests: rate(x)
      errorRate: rat(x)
      apiUsage: { a: "" }
      cpuUsagePercent: [x]
  - { name: b, url: "http://h", metricsMap: on, healthPath: /x, fallback: true }
)");
    ASSERT_EQ(lines.size(), 6U);
    EXPECT_EQ(lines[0].substr(0, 21), "f:6:7: 'metricsMap': ");
    EXPECT_EQ(lines[1].substr(0, 29), "f:7:18: 'errorRate': column 1");
    EXPECT_EQ(lines[2].substr(0, 23), "f:8:22: 'apiUsage.a': c");
    EXPECT_EQ(
        lines[3],
        "f:9:24: 'cpuUsagePercent' wants an expression over the project's series, not a list");
    EXPECT_EQ(lines[4],
              "f:10:45: 'metricsMap' wants figures with expressions, such as { requestsPerSecond: "
              "rate(requests_total) }, not 'on'");
    EXPECT_EQ(lines[5],
              "f:10:49: 'healthPath' says which path is checked, 'fallback' tries the known ones: "
              "give one of them");
}

TEST(MistakesInFile, OfTheEnvironmentComeBehindThoseOfTheFile) {
    EXPECT_EQ(refused("hubb: x\n", {{"PORT", "x"}, {"PROJECTS", "x"}}),
              (Lines{"f:1:1: unknown key 'hubb': did you mean 'hub'?",
                     "PORT wants a number from 0 to 65535, not 'x'",
                     "Invalid project definition: x. Expected format: name:url"}));
}

TEST(MistakesInFile, TheirNumberIsBounded) {
    std::string text = "projects:\n";
    for (int index = 0; index < 5000; ++index) {
        text += "- {}\n";
    }
    EXPECT_EQ(refused(text).size(), 1000U);
}

}  // namespace
}  // namespace muster::config
