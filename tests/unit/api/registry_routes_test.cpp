#include <muster/api/registry_routes.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <unit/api/deltas.hpp>

namespace muster {
namespace {

/// Remembers what was asked for and answers what a test says.
class CommandsStub final : public HubCommands {
public:
    void reload(ReloadDone done) override { done(report); }
    void plan(ReloadDone done) override {
        ++plans;
        if (holds_plans) {
            held.push_back(std::move(done));
        } else {
            done(report);
        }
    }
    void register_service(ServiceSpec spec, ServiceDone done) override {
        asked.push_back("register " + spec.project + "/" + spec.name);
        done(service);
    }
    void replace_service(ServiceId id, ServiceSpec spec, ServiceDone done) override {
        asked.push_back("replace " + std::to_string(id.value) + " " + spec.name);
        done(service);
    }
    void remove_service(ServiceId id, Done done) override {
        asked.push_back("remove " + std::to_string(id.value));
        done(removal);
    }
    void check_now(ServiceId id, Wait wait, CheckDone done) override {
        asked.push_back("check " + std::to_string(id.value));
        done(wait == Wait::result ? std::optional(checked) : std::nullopt);
    }
    void add_window(MaintenanceSpec spec, WindowDone done) override {
        Maintenance window;
        window.id = MaintenanceId{7};
        window.owner = Owner::api;
        window.spec = std::move(spec);
        done(window);
    }
    void remove_window(MaintenanceId id, Done done) override {
        asked.push_back("remove window " + std::to_string(id.value));
        done(removal);
    }

    std::vector<std::string> asked;
    int plans{0};
    bool holds_plans{false};
    std::vector<ReloadDone> held;
    Result<ReloadReport> report;
    Result<RegisteredService> service;
    Result<void> removal;
    CheckResult checked;
};

/// Takes `name` as a service of that name, `exec` as one that is forbidden, all else as a mistake.
class EntriesStub final : public EntryReader {
public:
    [[nodiscard]] Read<ServiceSpec> service(std::string_view text,
                                            ServiceSpec const* known) const override {
        if (text == "exec") {
            return tl::unexpected(Refusal{true, "probe: exec probes come from files only"});
        }
        if (text.empty()) {
            return tl::unexpected(Refusal{false, "'probe' is missing"});
        }
        ServiceSpec spec;
        spec.project = known != nullptr ? known->project : "shop";
        spec.name = std::string(text);
        return spec;
    }
    [[nodiscard]] Read<MaintenanceSpec> window(std::string_view text) const override {
        if (text.empty()) {
            return tl::unexpected(Refusal{false, "'match' is missing"});
        }
        MaintenanceSpec spec;
        spec.why = std::string(text);
        return spec;
    }
};

class RegistryRoutes : public ::testing::Test {
protected:
    RegistryRoutes() {
        add_registry_routes(router_, {model_, commands_, entries_, guard_, loop_});
        auto const project = project_of("shop", *parse_url("http://127.0.0.1:3010"));
        auto delta = delta_of(project_view(1, "shop"));
        for (int id = 10; id < 13; ++id) {
            auto service = std::make_shared<Service>();
            service->id = ServiceId{id};
            service->project_id = ProjectId{1};
            service->spec = project.services.front();
            service->spec.name = "s" + std::to_string(id);
            service->owner = id == 10 ? Owner::file : Owner::api;
            service->spec.type = id == 11 ? ServiceType::database : ServiceType::api;
            service->spec.tags =
                id == 12 ? std::vector<std::string>{"eu"} : std::vector<std::string>{};
            auto view = service_view(id, 1, service->spec.name);
            view.project = "shop";
            view.status = id == 12 ? HealthStatus::down : HealthStatus::up;
            delta.services.push_back(view);
            delta.registered.push_back(std::move(service));
        }
        model_.apply(std::move(delta));
        commands_.service = RegisteredService{*model_.registered(ServiceId{11}), false};
    }

    Response ask(Method method, std::string_view target, std::string body = {}) {
        Request request;
        request.method = method;
        request.target = parse_target(target).value();
        request.host = "localhost";
        request.content_type = content_type_;
        request.from_loopback = true;
        request.body = std::move(body);
        std::optional<Response> got;
        router_.handle(std::move(request),
                       [&got](Response response) { got = std::move(response); });
        EXPECT_TRUE(got) << target;
        return std::move(*got);
    }

    std::string text_of(Method method, std::string_view target, unsigned status,
                        std::string body = {}) {
        auto const response = ask(method, target, std::move(body));
        EXPECT_EQ(response.status, status) << target << ": " << response.body.text();
        return response.body.text();
    }

    static bool holds(std::string const& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }

    SimulatedLoop loop_;
    ReadModel model_;
    CommandsStub commands_;
    EntriesStub entries_;
    ChangeGuard guard_{{{}, {{"127.0.0.1", 3001}}, {}, {}}};
    Router router_{loop_, Origins({"*"})};
    std::string content_type_{"application/json"};
};

TEST_F(RegistryRoutes, ListServicesByEveryFilter) {
    auto const total = [this](std::string const& query) {
        auto const text = text_of(Method::get, "/api/services" + query, 200);
        auto const at = text.rfind(R"("total":)") + 8;
        return text.substr(at, text.find(',', at) - at);
    };
    EXPECT_EQ(total(""), "3");
    EXPECT_EQ(total("?project=shop"), "3");
    EXPECT_EQ(total("?project=1"), "3");
    EXPECT_TRUE(holds(text_of(Method::get, "/api/services?project=shp", 404),
                      "No such project: 'shp': did you mean 'shop'?"));
    EXPECT_EQ(total("?type=database"), "1");
    EXPECT_EQ(total("?status=down"), "1");
    EXPECT_EQ(total("?tag=eu&status=down"), "1");
    EXPECT_EQ(total("?tag=eu&status=up"), "0");
    EXPECT_EQ(total("?group=front"), "0");
    auto const page = text_of(Method::get, "/api/services?limit=1&offset=1", 200);
    EXPECT_TRUE(holds(page, R"("name":"s11")"));
    EXPECT_FALSE(holds(page, R"("name":"s10")"));
    EXPECT_FALSE(holds(page, R"("name":"s12")"));
    EXPECT_TRUE(
        holds(text_of(Method::get, "/api/services?type=toaster", 400), "type must be one of"));
    EXPECT_TRUE(holds(text_of(Method::get, "/api/services?limit=1001", 400), "limit"));
}

TEST_F(RegistryRoutes, RefuseParametersThatTheyDoNotTake) {
    EXPECT_TRUE(holds(text_of(Method::get, "/api/services?stat=down", 400),
                      "unknown parameter 'stat': this call takes project, type, status, tag, "
                      "group, limit, offset"));
    EXPECT_TRUE(holds(text_of(Method::post, "/api/services/10/check?wai=1", 400),
                      "unknown parameter 'wai': this call takes wait"));
    EXPECT_TRUE(holds(text_of(Method::get, "/api/maintenance?owner=api", 400), "'owner'"));
    text_of(Method::del, "/api/maintenance/7?id=8", 400);
    text_of(Method::del, "/api/maintenance?id=8&force=1", 400);
    for (auto const* path : {"/api/services/10?x=1", "/api/config/plan?x=1"}) {
        EXPECT_TRUE(
            holds(text_of(Method::get, path, 400), "unknown parameter 'x': this call takes none"))
            << path;
    }
    for (auto const* path : {"/api/services?x=1", "/api/maintenance?x=1", "/api/reload?x=1"}) {
        text_of(Method::post, path, 400, "web");
    }
    text_of(Method::put, "/api/services/10?x=1", 400, "web");
    text_of(Method::del, "/api/services/10?x=1", 400);
    EXPECT_TRUE(commands_.asked.empty());
}

TEST_F(RegistryRoutes, FindAServiceByItsIdAndByItsName) {
    EXPECT_TRUE(holds(text_of(Method::get, "/api/services/11", 200), R"("id":11,)"));
    EXPECT_TRUE(holds(text_of(Method::get, "/api/services/shop%2Fs11", 200), R"("id":11,)"));
    EXPECT_TRUE(holds(text_of(Method::get, "/api/services/1%2Fs11", 200), R"("id":11,)"));
    for (auto const* unknown : {"99", "s11", "shop%2Fs99", "blog%2Fs11", "0", "-11", "11x"}) {
        auto const path = "/api/services/" + std::string(unknown);
        EXPECT_TRUE(holds(text_of(Method::get, path, 404), "No such service")) << unknown;
        text_of(Method::put, path, 404, "name");
        text_of(Method::del, path, 404);
        text_of(Method::post, path + "/check", 404);
    }
    EXPECT_TRUE(commands_.asked.empty());
}

TEST_F(RegistryRoutes, RegisterReplaceAndRemove) {
    text_of(Method::post, "/api/services", 200, "web");
    commands_.service->added = true;
    text_of(Method::post, "/api/services", 201, "web");
    commands_.service->added = false;
    text_of(Method::put, "/api/services/11", 200, "renamed");
    EXPECT_TRUE(holds(text_of(Method::del, "/api/services/shop%2Fs12", 200),
                      R"({"id":12,"removed":true})"));
    EXPECT_TRUE(holds(text_of(Method::put, "/api/services/10", 409, "broken"),
                      "shop/s10 is owned by the configuration file"));
    EXPECT_EQ(commands_.asked, (std::vector<std::string>{"register shop/web", "register shop/web",
                                                         "replace 11 renamed", "remove 12"}));
}

TEST_F(RegistryRoutes, SayWhatIsWrongAndWithWhichStatus) {
    EXPECT_TRUE(holds(text_of(Method::post, "/api/services", 400), "'probe' is missing"));
    text_of(Method::post, "/api/services", 403, "exec");
    EXPECT_TRUE(commands_.asked.empty());
    commands_.service = failure(Errc::conflict, "shop/app is owned by the configuration file");
    EXPECT_TRUE(holds(text_of(Method::post, "/api/services", 409, "app"), "owned by"));
    commands_.removal = failure(Errc::conflict, "owned");
    text_of(Method::del, "/api/services/10", 409);
    commands_.removal = failure(Errc::full, "too many");
    text_of(Method::del, "/api/services/10", 503);
    content_type_ = "text/plain";
    for (auto const* path :
         {"/api/services", "/api/services/10/check", "/api/maintenance", "/api/reload"}) {
        text_of(Method::post, path, 415, "web");
    }
    text_of(Method::put, "/api/services/10", 415, "web");
    text_of(Method::del, "/api/services/10", 415);
    text_of(Method::del, "/api/maintenance/7", 415);
}

TEST_F(RegistryRoutes, CheckNowAtOnceOrWithTheResult) {
    commands_.checked.service = ServiceId{11};
    commands_.checked.after.status = HealthStatus::down;
    commands_.checked.outcome.verdict = Verdict::failed;
    commands_.checked.outcome.error = "connection refused";
    EXPECT_TRUE(holds(text_of(Method::post, "/api/services/11/check", 202), R"("checking":true)"));
    auto const result = text_of(Method::post, "/api/services/11/check?wait=1", 200);
    EXPECT_TRUE(holds(result, R"("status":"down")"));
    EXPECT_TRUE(holds(result, R"("errorMessage":"connection refused")"));
    text_of(Method::post, "/api/services/11/check?wait=yes", 400);
}

TEST_F(RegistryRoutes, ShowAddAndRemoveWindows) {
    FleetDelta delta;
    delta.windows.emplace().push_back(
        {MaintenanceId{3}, Owner::file, loop_.now().wall, {{}, {}, {}, {}, "backups"}});
    model_.apply(std::move(delta));
    auto const list = text_of(Method::get, "/api/maintenance", 200);
    EXPECT_TRUE(holds(list, R"("id":3,)"));
    EXPECT_TRUE(holds(list, R"("total":1,)"));
    auto const behind = text_of(Method::get, "/api/maintenance?offset=1", 200);
    EXPECT_TRUE(holds(behind, R"("data":[])"));
    EXPECT_TRUE(holds(behind, R"("total":1,)"));
    text_of(Method::get, "/api/maintenance?limit=0", 400);
    EXPECT_TRUE(holds(text_of(Method::post, "/api/maintenance", 201, "patches"), R"("id":7,)"));
    text_of(Method::post, "/api/maintenance", 400);
    text_of(Method::del, "/api/maintenance/7", 200);
    text_of(Method::del, "/api/maintenance?id=8", 200);
    text_of(Method::del, "/api/maintenance", 400);
    text_of(Method::del, "/api/maintenance/x", 400);
    EXPECT_EQ(commands_.asked, (std::vector<std::string>{"remove window 7", "remove window 8"}));
}

TEST_F(RegistryRoutes, TellWhatAReloadDidOrWouldDo) {
    commands_.report = ReloadReport{
        {{ObjectKind::service, ChangeAction::renamed, "shop/db", "shop/sql", {"interval"}}},
        {"hub.listen"},
        {"look here"}};
    for (auto const& [method, path] :
         {std::pair(Method::post, "/api/reload"), std::pair(Method::get, "/api/config/plan")}) {
        EXPECT_TRUE(
            holds(text_of(method, path, 200),
                  R"({"added":[],"changed":[],"renamed":[{"kind":"service","name":"shop/db",)"
                  R"("formerly":"shop/sql","fields":["interval"]}],"removed":[],)"
                  R"("warnings":["look here"],"settings":[],"needsRestart":["hub.listen"]})"));
    }
    commands_.report = failure(Errc::invalid, "muster.yaml:3:5: wrong; muster.yaml:9:1: wrong too");
    auto const refused = text_of(Method::post, "/api/reload", 400);
    EXPECT_TRUE(holds(refused, "muster.yaml:3:5"));
    EXPECT_TRUE(holds(refused, "muster.yaml:9:1"));
}

TEST_F(RegistryRoutes, PlanOnceForAllWhoAskWithinASecond) {
    commands_.report = ReloadReport{{}, {}, {"first"}};
    auto const plan = [this] { return text_of(Method::get, "/api/config/plan", 200); };
    EXPECT_TRUE(holds(plan(), "first"));
    commands_.report = ReloadReport{{}, {}, {"second"}};
    loop_.run_for(999ms);
    EXPECT_TRUE(holds(plan(), "first"));
    EXPECT_EQ(commands_.plans, 1);
    loop_.run_for(1ms);
    EXPECT_TRUE(holds(plan(), "second"));
    EXPECT_EQ(commands_.plans, 2);
    text_of(Method::post, "/api/reload", 200);
    commands_.report = failure(Errc::invalid, "muster.yaml:3:5: wrong");
    text_of(Method::get, "/api/config/plan", 400);
    text_of(Method::get, "/api/config/plan", 400);
    EXPECT_EQ(commands_.plans, 3);
}

TEST_F(RegistryRoutes, PlanOnceForAllWhoAskWhileItIsPlanned) {
    commands_.holds_plans = true;
    std::vector<std::string> answers;
    auto const ask_plan = [&](std::string const& who) {
        Request request;
        request.target = parse_target("/api/config/plan").value();
        request.host = "localhost";
        router_.handle(std::move(request), [&answers, who](Response const& response) {
            answers.push_back(who + " " + std::to_string(response.status));
        });
    };
    ask_plan("a");
    ask_plan("b");
    EXPECT_EQ(commands_.plans, 1);
    text_of(Method::post, "/api/reload", 200);
    ask_plan("c");  // must not be told what was planned before the reload
    ASSERT_EQ(commands_.plans, 2);
    EXPECT_TRUE(answers.empty());
    commands_.held[0](ReloadReport{});
    EXPECT_EQ(answers, (std::vector<std::string>{"a 200", "b 200"}));
    ask_plan("d");
    EXPECT_EQ(commands_.plans, 2);
    commands_.held[1](failure(Errc::full, "busy"));
    EXPECT_EQ(answers, (std::vector<std::string>{"a 200", "b 200", "c 503", "d 503"}));
}

}  // namespace
}  // namespace muster
