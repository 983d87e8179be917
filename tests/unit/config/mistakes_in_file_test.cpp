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
                     "f:1:24: unknown key 'x': 'limits' has inFlight, perHost"}));
    EXPECT_EQ(refused("projects:\n  - name: a\n    url: http://h\n    service: []\n"),
              (Lines{"f:4:5: unknown key 'service': did you mean 'services'?"}));
}

TEST(MistakesInFile, KeysOfThingsToComeAreRefusedByName) {
    EXPECT_EQ(refused(R"(
database: { url: x }
redis: { url: x }
alertRules: []
projects:
  - name: shop
    url: http://h
    grace: 30s
    services:
      - name: db
        probe: { postgres: "postgresql://app@h/shop" }
        dependsOn: [cache]
      - name: web
        probe: { http: "http://h/x", expect: { status: 204 } }
      - name: disk
        probe: { exec: ["true"] }
)"),
              (Lines{"f:2:1: 'database' is not built yet", "f:3:1: 'redis' is not built yet",
                     "f:4:1: 'alertRules' is not built yet", "f:8:5: 'grace' is not built yet",
                     "f:11:18: 'postgres' is not built yet", "f:12:9: 'dependsOn' is not built yet",
                     "f:14:38: 'expect' is not built yet", "f:16:18: 'exec' is not built yet"}));
    EXPECT_EQ(refused("projects: [ { name: a, url: \"https://h\" } ]\n"),
              (Lines{"f:1:29: 'url': 'https' is not built yet"}));
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
            "f:5:13: 'name' wants a name: letters, digits, - and _, at most 100, not only digits "
            "and not 'status', not 'status'",
            "f:6:21: 'url': 'localhost:3010' is no http or https URL: write an absolute one, such "
            "as http://127.0.0.1:3010/health",
            "f:7:45: 'healthPath' wants a path that starts with /, such as /health, not 'health'",
            "f:7:66: 'metricsPath' wants a path that starts with /, such as /health, not '/a b'",
            "f:8:5: 'name' is missing: it wants a name: letters, digits, - and _, at most 100, not "
            "only digits and not 'status'",
            "f:9:5: 'url' is missing: it wants the project's base URL, such as "
            "http://127.0.0.1:3010",
            "f:10:5: a project wants keys with values (key: value)",
            "f:11:3: 'name' is missing: it wants a name: letters, digits, - and _, at most 100, "
            "not only digits and not 'status'",
            "f:11:3: 'url' is missing: it wants the project's base URL, such as "
            "http://127.0.0.1:3010"}));
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
      - { name: e, probe: { http: ["http://h", "http://i"] } }
      - { name: f, probe: "http://h" }
      - { probe: { tcp: "h:1" } }
      - { name: g, probe: [] }
      - { name: h, probe: }
)"),
        (Lines{
            "f:3:11: 'name' wants a name: letters, digits, - and _, at most 100, not only digits "
            "and not 'status', not '42'",
            "f:6:34: 'tcp': 'h' has no port: write host:port, such as 127.0.0.1:25 or [::1]:25",
            "f:7:9: 'probe' is missing: say how the service is checked, such as "
            "probe: { tcp: \"127.0.0.1:25\" }",
            "f:8:27: 'probe' wants a kind and a target, such as { http: "
            "\"http://127.0.0.1/health\" }, not keys with values",
            "f:9:47: a probe is of one kind: 'http' or 'tcp'",
            "f:10:35: a list of URLs is not built yet: give one",
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
    EXPECT_EQ(refused("<<: { hub: x }\n").size(), 1U);
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
