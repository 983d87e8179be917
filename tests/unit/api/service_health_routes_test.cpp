#include <muster/api/service_health_routes.hpp>

#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <unit/api/deltas.hpp>
#include <unit/api/history_stub.hpp>

namespace muster {
namespace {

class ServiceHealthRoutes : public ::testing::Test {
protected:
    ServiceHealthRoutes() {
        add_service_health_routes(router_, {model_, history_, loop_});
        auto delta = delta_of(project_view(1, "shop"));
        delta.services.push_back(service_view(10, 1, "app"));
        auto service = std::make_shared<Service>();
        service->id = ServiceId{10};
        service->project_id = ProjectId{1};
        service->spec.project = "shop";
        service->spec.name = "app";
        delta.registered.push_back(std::move(service));
        model_.apply(std::move(delta));
    }

    std::string ask(std::string_view target, unsigned status) {
        Request request;
        request.target = parse_target(target).value();
        std::optional<Response> got;
        router_.handle(std::move(request),
                       [&got](Response response) { got = std::move(response); });
        while (!got && loop_.run_one()) {}
        EXPECT_TRUE(got) << target;
        EXPECT_EQ(got->status, status) << got->body.text();
        return got->body.text();
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.queue_limit = 1}};
    HistoryStub stub_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    ReadModel model_;
    Router router_{loop_, Origins({"*"})};
};

TEST_F(ServiceHealthRoutes, TellTheReasonAndTheLastChecks) {
    EventRow change;
    change.description = "down after 4 failed checks";
    change.metadata_json = R"({"cause":"failures"})";
    stub_.event_rows.push_back(change);
    stub_.check_rows.resize(3);
    stub_.check_rows[2].error = "the newest";
    auto const text = ask("/api/services/shop%2Fapp/health?limit=2", 200);
    EXPECT_NE(text.find(R"("reason":{"cause":"failures"})"), std::string::npos) << text;
    EXPECT_LT(text.find("the newest"), text.find(R"(},{"status")")) << text;
    EXPECT_EQ(stub_.asked_events->type, EventType::status_changed);
    EXPECT_EQ(stub_.asked_events->service, "app");
    EXPECT_EQ(stub_.asked_events->limit, 1U);
    EXPECT_EQ(stub_.asked_checks->service, ServiceId{10});
    EXPECT_EQ(ask("/api/services/10/health?limit=2", 200), text);
}

TEST_F(ServiceHealthRoutes, SayWhatIsWrong) {
    EXPECT_NE(ask("/api/services/11/health", 404).find("No such service: '11'"), std::string::npos);
    EXPECT_NE(ask("/api/services/10/health?limit=0", 400).find("limit must be"), std::string::npos);
    stub_.error = Error{Errc::unavailable, "the database is away"};
    EXPECT_NE(ask("/api/services/10/health", 503).find("the database is away"), std::string::npos);
    ASSERT_TRUE(lane_.submit([] {}, [] {}));
    EXPECT_NE(ask("/api/services/10/health", 503).find("too many"), std::string::npos);
}

}  // namespace
}  // namespace muster
