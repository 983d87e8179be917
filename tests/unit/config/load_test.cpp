#include <muster/config/load.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

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
hub: { id: hub-2, listen: ["0.0.0.0:4001", "[::1]:0"] }
logging: { level: debug, format: json }
limits: { inFlight: 100, perHost: 7 }
retention: { raw: 2d }
cors: { origins: ["https://example.org:8443", "http://h"] }
defaults: { interval: 20s, timeout: 2s, retries: 1, successThreshold: 2, degradedAbove: 300ms }
)");
    EXPECT_EQ(configuration.hub.id, "hub-2");
    EXPECT_EQ(configuration.hub.listen, (std::vector<HostPort>{{"0.0.0.0", 4001}, {"::1", 0}}));
    EXPECT_EQ(configuration.logging.level, LogLevel::debug);
    EXPECT_EQ(configuration.logging.format, LogFormat::json);
    EXPECT_EQ(configuration.limits, (LimitSettings{100, 7}));
    EXPECT_EQ(configuration.retention.raw, 48h);
    EXPECT_EQ(configuration.cors.origins,
              (std::vector<std::string>{"https://example.org:8443", "http://h"}));
    EXPECT_EQ(configuration.defaults, (ServiceDefaults{20s, 2s, 1, 2, 300ms}));
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
    mail.policy = HealthPolicy{1, 3, 100ms, 15s, 250ms};
    mail.critical = true;
    mail.tags = {"smtp"};
    mail.group = "back";
    EXPECT_EQ(shop.services[1], mail);

    auto const& web = shop.services[2];
    EXPECT_EQ(target_of(web.probe), "http://127.0.0.1:8080/x");
    EXPECT_EQ(web.type, ServiceType::other);
    EXPECT_EQ(web.policy, (HealthPolicy{4, 1, 1s, 30s, 5s}));
    EXPECT_FALSE(web.critical);
    EXPECT_EQ(web.group, "front");
}

TEST(Load, ServicesTakeTheDefaultsAndAnAppAllButIntervalAndRetries) {
    auto const configuration = loaded_file(R"(
projects:
  - { name: shop, url: "http://h", services: [ { name: mail, probe: { tcp: "h:25" } } ] }
defaults: { interval: 20s, timeout: 2s, retries: 1, successThreshold: 2, degradedAbove: 300ms }
)");
    auto const& services = configuration.projects.front().services;
    EXPECT_EQ(services[0].policy, (HealthPolicy{1, 2, 300ms, 10s, 2s}));
    EXPECT_EQ(services[1].policy, (HealthPolicy{2, 2, 300ms, 20s, 2s}));
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
