#include <muster/codec/system_json.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(SystemJson, HasTheShapeOfTheContract) {
    SystemHealth health;
    health.database = PartState::down;
    health.bus = PartState::off;
    health.journal_lag = Millis(12);
    health.journal_bytes = 4'096;
    health.processes.push_back({"hub", PartState::up, WallTime(Millis(1'700'000'000'000))});
    health.web_socket_clients = 3;
    health.lateness = SystemHealth::Lateness{10, Micros(100), Micros(2'500), Millis(5), Millis(7)};
    health.problems = {"database: disk I/O error"};
    std::string text;
    append_system_health(text, health);
    EXPECT_EQ(text, R"({"hub":"up","database":"down","bus":"off","journal":{"status":"up",)"
                    R"("lagMs":12,"bytes":4096},"processes":[{"name":"hub","status":"up",)"
                    R"("lastSeen":"2023-11-14T22:13:20.000Z"}],"webSocketClients":3,)"
                    R"("lateness":{"count":10,"p50Ms":0.1,"p95Ms":2.5,"p99Ms":5,"maxMs":7},)"
                    R"("problems":["database: disk I/O error"]})");
}

TEST(SystemJson, ShowsWhatIsNotKnownAsNull) {
    SystemHealth health;
    health.processes.push_back({"hub", PartState::down, std::nullopt});
    std::string text;
    append_system_health(text, health);
    EXPECT_NE(text.find(R"("lagMs":null,"bytes":null)"), std::string::npos);
    EXPECT_NE(text.find(R"("lastSeen":null)"), std::string::npos);
    EXPECT_NE(text.find(R"("lateness":null,"problems":[])"), std::string::npos);
}

}  // namespace
}  // namespace muster
