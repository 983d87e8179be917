#include <muster/config/load.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

HealthPolicy policy(std::uint32_t failure_threshold, std::uint32_t success_threshold,
                    Millis degraded_above, Millis interval, Millis timeout,
                    FailuresOf failures_of = {}, std::uint32_t hysteresis = 0,
                    Millis grace = Millis(0)) {
    return {failure_threshold, success_threshold, degraded_above, interval,
            timeout,           failures_of,       hysteresis,     grace};
}

Configuration loaded(LoadInput const& input) {
    auto const configuration = load(input);
    if (!configuration) {
        for (auto const& mistake : configuration.error()) {
            ADD_FAILURE() << to_text(mistake);
        }
        return {};
    }
    return *configuration;
}

Configuration loaded_file(std::string text) {
    LoadInput input;
    input.file_text = std::move(text);
    return loaded(input);
}

TEST(Load, WithoutAnythingIsWhatIsBuiltIn) {
    EXPECT_EQ(loaded({}), Configuration{});
    EXPECT_EQ(loaded_file(""), Configuration{});
    EXPECT_EQ(loaded_file("hub:\nprojects:\ndefaults: {}\n"), Configuration{});
}

TEST(Load, EverySettingOfTheFileIsTaken) {
    auto const configuration = loaded_file(R"(
hub: { id: hub-2, listen: ["0.0.0.0:4001", "[::1]:0"], hosts: [Muster.Example.org, "[::1]"], shards: 2 }
auth: { token: s3cret, reads: token, probe: open }
logging: { level: debug, format: json, file: /var/log/muster.log }
limits: { inFlight: 100, perHost: 7, perGroup: { front: 3, "back office": 4 } }
retention: { raw: 2d, rawSize: 1.5GB, minute: 30d, hour: 365d }
cors: { origins: ["https://example.org:8443", "http://h"] }
defaults:
  interval: 20s
  timeout: 2s
  retries: 1
  successThreshold: 2
  degradedAbove: 300ms
  failuresOf: [3, 5]
  hysteresis: 20%
  grace: 30s
  connection: fresh
)");
    EXPECT_EQ(configuration.hub.id, "hub-2");
    EXPECT_EQ(configuration.hub.listen, (std::vector<HostPort>{{"0.0.0.0", 4001}, {"::1", 0}}));
    EXPECT_EQ(configuration.logging.level, LogLevel::debug);
    EXPECT_EQ(configuration.logging.format, LogFormat::json);
    EXPECT_EQ(configuration.hub.hosts, (std::vector<std::string>{"muster.example.org", "::1"}));
    EXPECT_EQ(configuration.hub.shards, 2U);
    EXPECT_EQ(configuration.token, "s3cret");
    EXPECT_EQ(configuration.reads, Reads::token);
    EXPECT_EQ(configuration.probe, ProbeAccess::open);
    EXPECT_EQ(configuration.logging.file, "/var/log/muster.log");
    EXPECT_EQ(configuration.limits, (LimitSettings{100, 7, {{"front", 3}, {"back office", 4}}}));
    EXPECT_EQ(configuration.retention,
              (RetentionSettings{48h, 1'500'000'000, 30 * 24h, 365 * 24h}));
    EXPECT_EQ(configuration.cors.origins,
              (std::vector<std::string>{"https://example.org:8443", "http://h"}));
    EXPECT_EQ(
        configuration.defaults,
        (ServiceDefaults{policy(2, 2, 300ms, 20s, 2s, {3, 5}, 20, 30s), ConnectionPolicy::fresh}));
}

TEST(Load, AProjectIsItsAppAndItsServices) {
    auto const configuration = loaded_file(R"(
projects:
  - name: shop
    url: http://127.0.0.1:3010/eu/
    description: the web shop
    critical: false
    tags: [eu, retail]
    group: front
    healthCheckInterval: 1s
    metricsCheckInterval: 1m
    healthPath: /healthz?deep=1
    metricsPath: /figures
    connection: fresh
    services:
      - name: mail
        type: queue
        probe: { tcp: "127.0.0.1:25" }
        interval: 15s
        timeout: 250ms
        retries: 0
        successThreshold: 3
        degradedAbove: 100ms
        critical: yes
        tags: [smtp]
        group: back
        connection: reuse
      - { name: web, probe: { http: "http://127.0.0.1:8080/x" } }
)");
    ASSERT_EQ(configuration.projects.size(), 1U);
    auto const& shop = configuration.projects.front();
    EXPECT_EQ(shop.name, "shop");
    EXPECT_EQ(to_text(shop.url), "http://127.0.0.1:3010/eu/");
    EXPECT_EQ(shop.description, "the web shop");
    EXPECT_FALSE(shop.critical);
    EXPECT_EQ(shop.tags, (std::vector<std::string>{"eu", "retail"}));
    EXPECT_EQ(shop.group, "front");
    ASSERT_TRUE(shop.metrics);
    EXPECT_EQ(to_text(shop.metrics->url), "http://127.0.0.1:3010/eu/figures");
    EXPECT_EQ(shop.metrics->interval, 1min);
    ASSERT_EQ(shop.services.size(), 3U);

    auto const& app = shop.services[0];
    EXPECT_EQ(app.name, "app");
    EXPECT_EQ(target_of(app.probe), "http://127.0.0.1:3010/eu/healthz?deep=1");
    EXPECT_EQ(app.policy.interval, 1s);
    EXPECT_EQ(app.policy.failure_threshold, 1U);
    EXPECT_EQ(app.connection, ConnectionPolicy::fresh);
    EXPECT_FALSE(app.critical);

    ServiceSpec mail;
    mail.project = "shop";
    mail.name = "mail";
    mail.type = ServiceType::queue;
    mail.probe = TcpProbeSpec{{"127.0.0.1", 25}};
    mail.connection = ConnectionPolicy::reuse;
    mail.policy = policy(1, 3, 100ms, 15s, 250ms);
    mail.critical = true;
    mail.tags = {"smtp"};
    mail.group = "back";
    EXPECT_EQ(shop.services[1], mail);

    auto const& web = shop.services[2];
    EXPECT_EQ(target_of(web.probe), "http://127.0.0.1:8080/x");
    EXPECT_EQ(web.type, ServiceType::other);
    EXPECT_EQ(web.policy, policy(4, 1, 1s, 30s, 5s));
    EXPECT_FALSE(web.critical);
    EXPECT_EQ(web.group, "front");
}

TEST(Load, ServicesTakeTheDefaultsAndAnAppAllButIntervalAndFailures) {
    auto const configuration = loaded_file(R"(
projects:
  - { name: shop, url: "http://h", services: [ { name: mail, probe: { tcp: "h:25" } } ] }
defaults: { interval: 20s, timeout: 2s, retries: 1, successThreshold: 2, degradedAbove: 300ms,
            failuresOf: [2, 3], hysteresis: 10, grace: 1m, connection: reuse }
)");
    auto const& services = configuration.projects.front().services;
    EXPECT_EQ(services[0].policy, policy(1, 2, 300ms, 10s, 2s, {}, 10, 1min));
    EXPECT_EQ(services[1].policy, policy(2, 2, 300ms, 20s, 2s, {2, 3}, 10, 1min));
    EXPECT_EQ(services[0].connection, ConnectionPolicy::reuse);
    EXPECT_EQ(services[1].connection, ConnectionPolicy::reuse);
}

TEST(Load, AProjectSaysHowItsAppIsJudged) {
    auto const configuration = loaded_file(R"(
defaults: { failuresOf: [2, 3] }
projects:
  - name: shop
    url: https://h/base
    formerly: store
    timeout: 4s
    successThreshold: 3
    degradedAbove: 2s
    failuresOf: [3, 5]
    hysteresis: 20%
    grace: 30s
    dependsOn: [db, "?other/app"]
    fallback: true
    statusPath: /state
    logsPath: "/log?tail=1"
    services: [ { name: db, probe: { tcp: "h:5432" }, failuresOf: [] } ]
  - { name: other, url: "http://o", retries: 2 }
)");
    EXPECT_EQ(configuration.projects[1].services.front().policy, policy(3, 1, 1s, 10s, 5s));
    auto const& shop = configuration.projects.front();
    EXPECT_EQ(shop.formerly, "store");
    EXPECT_EQ(shop.status_path, "/state");
    EXPECT_EQ(shop.logs_path, "/log?tail=1");
    auto const& app = shop.services.front();
    EXPECT_EQ(app.policy, policy(1, 3, 2s, 10s, 4s, {3, 5}, 20, 30s));
    EXPECT_EQ(app.depends_on,
              (std::vector<Dependency>{{"shop", "db", false}, {"other", "app", true}}));
    HttpProbeSpec probe{shop.url};
    probe.fallback = true;
    EXPECT_EQ(app.probe, ProbeSpec(probe));
    EXPECT_EQ(shop.services[1].policy.failures_of, FailuresOf{});
    EXPECT_TRUE(configuration.warnings.empty());
}

TEST(Load, AServiceTellsAboutItself) {
    auto const configuration = loaded_file(R"(
projects:
  - name: shop
    url: http://h
    services:
      - name: db
        formerly: database
        probe: { tcp: "h:5432", ip: 6 }
        dependsOn: app
        metadata: { team: web, tier: 1 }
        capabilities: [read, write]
        version: "16.1"
        port: 5432
        containerId: 3f2a
)");
    auto const& db = configuration.projects.front().services[1];
    EXPECT_EQ(db.formerly, "database");
    EXPECT_EQ(db.depends_on, (std::vector<Dependency>{{"shop", "app", false}}));
    EXPECT_EQ(db.metadata, (std::map<std::string, std::string>{{"team", "web"}, {"tier", "1"}}));
    EXPECT_EQ(db.capabilities, (std::vector<std::string>{"read", "write"}));
    EXPECT_EQ(db.version, "16.1");
    EXPECT_EQ(db.port, 5432);
    EXPECT_EQ(db.container_id, "3f2a");
    EXPECT_EQ(db.probe, ProbeSpec(TcpProbeSpec{{"h", 5432}, IpFamily::v6}));
}

TEST(Load, AnOldNameMayBeTakenBySomethingOfToday) {
    // A chain of renames, a finished one whose name was given away, and one that only waits.
    auto const configuration = loaded_file(R"(
projects:
  - { name: c, url: "http://h", formerly: b }
  - { name: b, url: "http://h", formerly: a }
  - name: shop
    url: http://h
    services:
      - { name: x, formerly: y, probe: { tcp: "h:1" } }
      - { name: y, probe: { tcp: "h:1" } }
      - { name: z, formerly: app, probe: { tcp: "h:1" } }
)");
    ASSERT_EQ(configuration.projects.size(), 3U);
    EXPECT_EQ(configuration.projects[0].formerly, "b");
    EXPECT_EQ(configuration.projects[1].formerly, "a");
    EXPECT_EQ(configuration.projects[2].services[1].formerly, "y");
    EXPECT_EQ(configuration.projects[2].services[3].formerly, "app");
}

TEST(Load, AnHttpProbeIsReadWhole) {
    LoadInput input;
    input.environment = {{"KEY", "k"}};
    input.file_text = R"(
projects:
  - name: shop
    url: http://h
    services:
      - name: web
        probe:
          http: ["https://127.0.0.1:8443/api/health", "http://h:1"]
          method: POST
          headers: { X-Key: "${KEY}", Accept: application/json }
          body: |
            {"ping": 1}
          expect:
            status: [200, 204, "300-399"]
            body: ok
            matches: "^v[0-9]+$"
            json:
              - { field: db.ok, equals: true }
              - { field: nodes.0.role, notEquals: "true" }
              - { field: queue, atMost: 1e3 }
              - { field: free, atLeast: 0.5 }
              - { field: error, exists: no }
              - { field: id }
              - { field: nothing, equals: null }
              - { field: word, equals: green }
          tls: { verify: false, serverName: Shop.example.org }
          redirects: 3
          ip: 4
      - { name: one, probe: { http: "https://h", expect: { status: 418, json: { field: a, equals: 1 } },
                              tls: { ca: /etc/ca.pem } } }
      - { name: known, probe: { http: "http://h:8080/base", fallback: on } }
)";
    auto const configuration = loaded(input);
    HttpProbeSpec web{*parse_url("https://127.0.0.1:8443/api/health")};
    web.more_urls = {*parse_url("http://h:1")};
    web.method = HttpMethod::post;
    web.headers = {{"X-Key", "k"}, {"Accept", "application/json"}};
    web.body = "{\"ping\": 1}\n";
    web.expect.status = {{200, 200}, {204, 204}, {300, 399}};
    web.expect.body = "ok";
    web.expect.body_matches = "^v[0-9]+$";
    web.expect.json = {{"db.ok", JsonTest::equals, true},
                       {"nodes.0.role", JsonTest::differs, std::string("true")},
                       {"queue", JsonTest::at_most, 1000.0},
                       {"free", JsonTest::at_least, 0.5},
                       {"error", JsonTest::exists, false},
                       {"id", JsonTest::exists, true},
                       {"nothing", JsonTest::equals, JsonScalar()},
                       {"word", JsonTest::equals, std::string("green")}};
    web.tls = {false, "shop.example.org", ""};
    web.redirects = 3;
    web.ip = IpFamily::v4;
    auto const& services = configuration.projects.front().services;
    EXPECT_EQ(services[1].probe, ProbeSpec(web));
    HttpProbeSpec one{*parse_url("https://h")};
    one.expect.status = {{418, 418}};
    one.expect.json = {{"a", JsonTest::equals, 1.0}};
    one.tls.ca_file = "/etc/ca.pem";
    EXPECT_EQ(services[2].probe, ProbeSpec(one));
    HttpProbeSpec known{*parse_url("http://h:8080/base")};
    known.fallback = true;
    EXPECT_EQ(services[3].probe, ProbeSpec(known));
}

TEST(Load, AMetricsMapIsFlatOrHasItsUsageInside) {
    auto const configuration = loaded_file(R"(
projects:
  - name: shop
    url: http://h
    metricsMap:
      requestsPerSecond: rate(http_requests_total)
      errorRate: 'rate(http_requests_total{code=~"5.."}) / rate(http_requests_total)'
      apiUsage: { mails: increase(mails_total), "sms.eu": sms_total }
      apiUsage.calls: calls_total
)");
    EXPECT_EQ(
        configuration.projects.front().metrics->map,
        (std::map<std::string, std::string>{
            {"requestsPerSecond", "rate(http_requests_total)"},
            {"errorRate", R"(rate(http_requests_total{code=~"5.."}) / rate(http_requests_total))"},
            {"apiUsage.mails", "increase(mails_total)"},
            {"apiUsage.sms.eu", "sms_total"},
            {"apiUsage.calls", "calls_total"}}));
}

TEST(Load, MaintenanceIsOnceOrWeekly) {
    auto const configuration = loaded_file(R"(
projects: [ { name: shop, url: "http://h", tags: [eu], group: front } ]
maintenance:
  - match: { projects: [shop], services: [app, shop/app], types: [api], tags: [eu], groups: [front],
             critical: true }
    from: 2026-11-22T02:00:00Z
    until: 2026-11-22T06:00:00+02:00
    why: move
  - { match: {}, weekly: { day: sat, from: "22:30", to: "24:00", zone: Europe/Berlin }, why: backups }
  - { match: {}, weekly: { day: mon, from: "02:00", to: "04:00" } }
  - { match: {}, until: "2026-11-22T02:00:00Z" }
)");
    auto const two = *parse_rfc3339("2026-11-22T02:00:00Z");
    ServiceMatch match;
    match.projects = {"shop"};
    match.services = {"app", "shop/app"};
    match.types = {ServiceType::api};
    match.tags = {"eu"};
    match.groups = {"front"};
    match.critical = true;
    std::vector<MaintenanceSpec> const expected{
        {match, two, two + 2h, std::nullopt, "move"},
        {{},
         std::nullopt,
         std::nullopt,
         WeeklyWindow{Weekday::sat, 1350, 0, "Europe/Berlin"},
         "backups"},
        {{}, std::nullopt, std::nullopt, WeeklyWindow{Weekday::mon, 120, 240, "UTC"}, ""},
        {{}, std::nullopt, two, std::nullopt, ""}};
    EXPECT_EQ(configuration.maintenance, expected);
    EXPECT_TRUE(configuration.warnings.empty());
}

std::vector<std::string> warnings_of(std::string text, Environment environment = {}) {
    LoadInput input;
    input.file_name = "f";
    input.file_text = std::move(text);
    input.environment = std::move(environment);
    return loaded(input).warnings;
}

TEST(Load, WarnsOfWhatCanHardlyBeMeant) {
    EXPECT_EQ(
        warnings_of(R"(
retention: { minute: 1d }
limits: { perGroup: { nobody: 1 } }
projects:
  - name: shop
    url: http://h
    healthCheckInterval: 1s
    services:
      - { name: a, probe: { tcp: "h:1" }, interval: 1s, timeout: 2s }
      - { name: b, probe: { tcp: "h:1" }, timeout: 1s, degradedAbove: 1s }
      - { name: c, probe: { tcp: "h:1" }, retries: 1, failuresOf: [1, 2] }
      - { name: d, probe: { http: "https://h", tls: { verify: no, ca: x } } }
maintenance:
  - { match: { projects: [shopp], services: [x], tags: [t], groups: [g] }, until: 2026-01-01T00:00:00Z }
)"),
        (std::vector<std::string>{
            "f:2:12: a coarser level is kept for less time than a finer one: raw 7d, minute 1d, "
            "hour 730d",
            "f:3:23: there is no service of the group 'nobody' in this file",
            "f:9:66: 'timeout' (2s) is longer than 'interval' (1s): a check that takes so long "
            "skips the next ones",
            "f:10:71: 'degradedAbove' (1s) is not below 'timeout' (1s): no answer is ever slow, "
            "only too late",
            "f:11:52: 'retries' says nothing where 'failuresOf' is given",
            "f:12:71: 'ca' says nothing where 'verify' is off",
            "f:14:27: there is no project 'shopp' in this file",
            "f:14:46: there is no service 'x' in this file",
            "f:14:57: there is no service with the tag 't' in this file",
            "f:14:70: there is no service of the group 'g' in this file"}));
}

TEST(Load, WhatMatchesIsNotAskedWherePROJECTSReplacesThem) {
    EXPECT_TRUE(
        warnings_of("maintenance: [ { match: { projects: [x] }, until: 2026-01-01T00:00:00Z } ]\n",
                    {{"PROJECTS", "x:http://h"}})
            .empty());
}

TEST(Load, ATokenOfTheEnvironmentWinsAndAnEmptyOneIsNone) {
    LoadInput input;
    input.file_text = "auth: { token: \"${T:-}\" }\n";
    EXPECT_EQ(loaded(input).token, std::nullopt);
    input.environment = {{"T", "of-file"}};
    EXPECT_EQ(loaded(input).token, "of-file");
    input.environment.emplace("MUSTER_TOKEN", "of-environment");
    EXPECT_EQ(loaded(input).token, "of-environment");
}

TEST(Load, ReadsByTokenTakeATokenOfTheEnvironment) {
    LoadInput input;
    input.file_text = "auth: { reads: token }\n";
    EXPECT_FALSE(load(input));
    input.dotenv_text = "MUSTER_TOKEN=of-dotenv\n";
    EXPECT_EQ(loaded(input).reads, Reads::token);
    EXPECT_EQ(loaded(input).token, "of-dotenv");
    input.dotenv_text.reset();
    input.environment.emplace("MUSTER_TOKEN", "");
    EXPECT_FALSE(load(input));
}

TEST(Load, TheShortestProjectIsAsPROJECTSWouldGiveIt) {
    LoadInput input;
    input.environment = {{"PROJECTS", "shop:http://127.0.0.1:3010"}};
    EXPECT_EQ(loaded_file("projects: [{ name: shop, url: \"http://127.0.0.1:3010\" }]").projects,
              loaded(input).projects);
}

TEST(Load, MetricsCanBeOff) {
    auto const configuration = loaded_file(
        "projects:\n- { name: a, url: \"http://h\", metrics: off }\n"
        "- { name: b, url: \"http://h\", metrics: on }\n");
    EXPECT_FALSE(configuration.projects[0].metrics);
    EXPECT_TRUE(configuration.projects[1].metrics);
}

TEST(Load, TheEnvironmentWinsOverTheFileAndRealVariablesOverDotenv) {
    LoadInput input;
    input.file_text =
        "hub: { id: of-file, listen: [\"127.0.0.1:1\", \"[::1]:1\"] }\n"
        "logging: { level: error, format: json }\n"
        "projects: [ { name: of-file, url: \"http://h\" } ]\n";
    input.dotenv_text = "PORT=2\nHUB_ID=of-dotenv\nLOG_LEVEL=debug\n";
    input.environment = {{"HUB_ID", "real"}, {"PROJECTS", "of-env:http://e"}};
    auto const configuration = loaded(input);
    EXPECT_EQ(configuration.hub.id, "real");
    EXPECT_EQ(configuration.hub.listen, (std::vector<HostPort>{{"127.0.0.1", 2}, {"::1", 1}}));
    EXPECT_EQ(configuration.logging.level, LogLevel::debug);
    EXPECT_EQ(configuration.logging.format, LogFormat::json);
    ASSERT_EQ(configuration.projects.size(), 1U);
    EXPECT_EQ(configuration.projects.front().name, "of-env");
}

TEST(Load, VariablesAreFilledInEverywhere) {
    LoadInput input;
    input.file_text =
        "hub: { id: \"${ID}\" }\n"
        "limits: { inFlight: \"${MANY:-12}\" }\n"
        "projects:\n"
        "  - name: ${ID}-shop\n"
        "    url: http://${HOST}:${SHOP_PORT:-80}/\n"
        "    tags: [\"${ID}\", \"$${ID}\"]\n"
        "    critical: ${CRITICAL}\n";
    input.environment = {{"ID", "x"}, {"CRITICAL", "false"}};
    input.dotenv_text = "HOST=h.example\nID=shadowed\n";
    auto const configuration = loaded(input);
    EXPECT_EQ(configuration.hub.id, "x");
    EXPECT_EQ(configuration.limits.in_flight, 12U);
    auto const& shop = configuration.projects.front();
    EXPECT_EQ(shop.name, "x-shop");
    EXPECT_EQ(to_text(shop.url), "http://h.example/");
    EXPECT_EQ(shop.tags, (std::vector<std::string>{"x", "${ID}"}));
    EXPECT_FALSE(shop.critical);
}

TEST(Load, DotenvLinesThatAreNoneAreWarnings) {
    LoadInput input;
    input.dotenv_text = "junk\n";
    EXPECT_EQ(loaded(input).warnings.size(), 1U);
}

TEST(Load, JsonIsTakenToo) {
    auto const configuration = loaded_file(
        R"({"hub": {"listen": "127.0.0.1:0"}, "projects": [{"name": "a", "url": "http://h", "critical": true}]})");
    EXPECT_EQ(configuration.hub.listen, (std::vector<HostPort>{{"127.0.0.1", 0}}));
    EXPECT_EQ(configuration.projects.size(), 1U);
}

TEST(SetPort, ChangesTheFirstListen) {
    Configuration configuration;
    set_port(configuration, 4000);
    EXPECT_EQ(configuration.hub.listen, (std::vector<HostPort>{{"0.0.0.0", 4000}}));
}

}  // namespace
}  // namespace muster::config
