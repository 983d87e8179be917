#include <muster/codec/service_json.hpp>

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include <muster/codec/json_text.hpp>
#include <muster/testing/holds.hpp>

namespace muster {
namespace {

WallTime const kNow{Millis(1'700'000'000'000)};

Service full_service() {
    auto service = Service{};
    service.id = ServiceId{7};
    service.project_id = ProjectId{3};
    service.owner = Owner::api;
    service.created_at = kNow;
    service.updated_at = kNow;
    auto& spec = service.spec;
    spec = project_of("shop", *parse_url("https://me:secret@shop.example/a")).services.front();
    auto& probe = std::get<HttpProbeSpec>(spec.probe);
    probe.headers = {{"X-Key", "secret"}};
    probe.body = "secret";
    probe.method = HttpMethod::post;
    probe.expect.status = {{200, 200}, {300, 399}};
    probe.expect.json = {{"db.ok", JsonTest::equals, true}};
    probe.expect.body_matches = "^ok";
    probe.tls.verify = false;
    probe.tls.ca_file = "/etc/ca.pem";
    probe.redirects = 2;
    probe.ip = IpFamily::v4;
    spec.name = "web";
    spec.type = ServiceType::web;
    spec.policy.failures_of = {3, 5};
    spec.policy.hysteresis_percent = 20;
    spec.policy.grace = 30s;
    spec.depends_on = {{"shop", "db", false}, {"bank", "api", true}};
    spec.tags = {"eu"};
    spec.metadata = {{"team", "ops"}};
    spec.capabilities = {"orders"};
    spec.version = "1.2";
    spec.container_id = "c0ffee";
    return service;
}

std::string json_of(Service const& service, ServiceView const* view) {
    std::string json;
    append_service(json, service, view);
    return json;
}

TEST(ServiceJson, TellsAllThatWasSaidInTheWordsOfTheConfiguration) {
    auto const json = json_of(full_service(), nullptr);
    for (
        auto const* part :
        {R"({"id":7,"projectId":3,"project":"shop","name":"web","type":"web","probe":{"http":"https://***@shop.example/a/health",)",
         R"("method":"POST","headers":{"X-Key":"***"},"body":"***",)",
         R"("expect":{"status":[200,"300-399"],"matches":"^ok","json":[{"field":"db.ok","equals":true}]})",
         R"("tls":{"verify":false,"ca":"/etc/ca.pem"},"redirects":2,"ip":4})",
         R"("interval":"10s","timeout":"5s","retries":0,"successThreshold":1,)"
         R"("degradedAbove":"1s","failuresOf":[3,5],"hysteresis":"20%","grace":"30s",)"
         R"("connection":"auto")",
         R"("critical":true,"dependsOn":["db","?bank/api"],"tags":["eu"],"group":null,)"
         R"("metadata":{"team":"ops"},"capabilities":["orders"],"status":"unknown","overlays":[],)"
         R"("lastCheck":null,"responseTimeMs":null,"consecutiveFailures":0,"details":{)",
         R"("version":"1.2","port":443,"containerId":"c0ffee","owner":"api",)"
         R"("createdAt":"2023-11-14T22:13:20.000Z","updatedAt":"2023-11-14T22:13:20.000Z"})"}) {
        EXPECT_TRUE(testing::holds(json, part)) << part << "\n" << json;
    }
    EXPECT_FALSE(testing::holds(json, "secret")) << json;
    EXPECT_TRUE(is_json_object(json));
}

TEST(ServiceJson, TellsHowItIs) {
    ServiceView view;
    view.status = HealthStatus::down;
    view.last_check = kNow;
    view.response_time = 12ms;
    view.failures = 4;
    view.uptime_percent = 99.5;
    auto service = full_service();
    service.spec.port = 8443;
    auto const json = json_of(service, &view);
    EXPECT_TRUE(testing::holds(
        json, R"("status":"down","overlays":[],"lastCheck":"2023-11-14T22:13:20.000Z",)"
              R"("responseTimeMs":12,"consecutiveFailures":4,)"))
        << json;
    EXPECT_TRUE(testing::holds(json, R"("uptime":99.5)"));
    EXPECT_TRUE(testing::holds(json, R"("port":8443)"));
}

TEST(ServiceJson, TellsWhatIsOffInTheWordsOfTheConfiguration) {
    auto service = full_service();
    service.spec.policy.failures_of = {};
    service.spec.policy.hysteresis_percent = 0;
    service.spec.policy.grace = 0s;
    EXPECT_TRUE(
        testing::holds(json_of(service, nullptr),
                       R"("failuresOf":[],"hysteresis":"0%","grace":"0s","connection":"auto")"));
}

TEST(ServiceJson, MasksWhatASecretFieldMustBe) {
    HttpProbeSpec probe{*parse_url("http://h/?token=secret&a=1")};
    probe.expect.json = {{"token", JsonTest::equals, std::string("secret")},
                         {"token", JsonTest::exists, true}};
    std::string json;
    append_probe(json, probe);
    EXPECT_EQ(json, R"({"http":"http://h/?token=***&a=1","method":"GET","expect":{"json":)"
                    R"([{"field":"token","equals":"***"},{"field":"token","exists":true}]}})");
}

TEST(ServiceJson, TellsATcpProbeAndSeveralUrls) {
    std::string json;
    append_probe(json, TcpProbeSpec{{"::1", 25}, IpFamily::v6});
    EXPECT_EQ(json, R"({"tcp":"[::1]:25","ip":6})");
    HttpProbeSpec several{*parse_url("http://a.example/x")};
    several.more_urls = {*parse_url("http://b.example/y")};
    several.fallback = true;
    json.clear();
    append_probe(json, several);
    EXPECT_EQ(
        json,
        R"({"http":["http://a.example/x","http://b.example/y"],"method":"GET","fallback":true})");
}

TEST(ServiceJson, TellsAProbeOfOnesOwnWithoutItsSettings) {
    auto service = full_service();
    service.spec.probe = OwnProbeSpec{"file-age", "/backup/last", {}, {{"password", "secret"}}};
    auto const json = json_of(service, nullptr);
    EXPECT_TRUE(testing::holds(json, R"("probe":{"file-age":"/backup/last"})")) << json;
    EXPECT_TRUE(testing::holds(json, R"("port":null)")) << json;
    EXPECT_FALSE(testing::holds(json, "secret")) << json;
}

TEST(ServiceJson, TellsAWindow) {
    Maintenance window;
    window.id = MaintenanceId{2};
    window.created_at = kNow;
    window.spec.match.projects = {"shop"};
    window.spec.match.types = {ServiceType::database, ServiceType::cache};
    window.spec.match.critical = false;
    window.spec.weekly = WeeklyWindow{Weekday::sun, 120, 245, "Europe/Berlin"};
    window.spec.why = "backups";
    std::string json;
    append_window(json, window);
    EXPECT_EQ(json, R"({"id":2,"match":{"projects":["shop"],"types":["database","cache"],)"
                    R"("critical":false},"weekly":{"day":"sun","from":"02:00","to":"04:05",)"
                    R"("zone":"Europe/Berlin"},"why":"backups","owner":"file",)"
                    R"("createdAt":"2023-11-14T22:13:20.000Z"})");
    window.spec = {};
    window.spec.from = kNow;
    window.spec.until = kNow + 1h;
    json.clear();
    append_window(json, window);
    EXPECT_TRUE(testing::holds(json, R"("match":{},"from":"2023-11-14T22:13:20.000Z",)"
                                     R"("until":"2023-11-14T23:13:20.000Z","why":"")"));
}

}  // namespace
}  // namespace muster
