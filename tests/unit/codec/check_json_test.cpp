#include <muster/codec/check_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

std::string json_of(Outcome const& outcome, HealthStatus status = HealthStatus::up) {
    ServiceSpec service;
    service.project = "shop";
    service.name = "app";
    service.probe = HttpProbeSpec{parse_url("https://h/x?token=hush").value()};
    std::string out;
    append_checked_service(out, service, status, WallTime(1'700'000'000'000ms), outcome);
    return out;
}

TEST(CheckJson, TellsWhatACheckSaw) {
    Outcome outcome;
    outcome.verdict = Verdict::passed;
    outcome.http_status = 200;
    outcome.response_time = 12'500us;
    outcome.phases.tls = 3ms;
    EXPECT_EQ(json_of(outcome),
              R"({"project":"shop","service":"app","kind":"http",)"
              R"("target":"https://h/x?token=***","status":"up",)"
              R"("startedAt":"2023-11-14T22:13:20.000Z","responseTime":12.5,"errorMessage":null,)"
              R"("details":{"httpStatus":200},"phases":{"tls":3}})");
}

TEST(CheckJson, TellsOfTheCertificate) {
    Outcome outcome;
    outcome.verdict = Verdict::passed;
    outcome.certificate_expires = WallTime(1'700'000'000'000ms) + 24h * 6 + 1h;
    outcome.tls_resumed = true;
    outcome.note = "certificate expires in 6 days";
    EXPECT_NE(json_of(outcome).find(R"("details":{"certificateExpires":"2023-11-20T23:13:20.000Z",)"
                                    R"("certificateDaysLeft":6,"tlsResumed":true,)"
                                    R"("note":"certificate expires in 6 days"})"),
              std::string::npos)
        << json_of(outcome);
    outcome.certificate_expires = WallTime(1'700'000'000'000ms) - 1h;
    EXPECT_NE(json_of(outcome).find(R"("certificateDaysLeft":-1)"), std::string::npos);
}

TEST(CheckJson, CountsTheUrlsOfAProbeOfSeveral) {
    Outcome outcome;
    outcome.verdict = Verdict::failed;
    outcome.error = "/b: HTTP error: 503";
    outcome.endpoints_healthy = 1;
    outcome.endpoints_total = 2;
    EXPECT_NE(json_of(outcome, HealthStatus::down)
                  .find(R"("details":{"endpointsHealthy":1,"endpointsTotal":2})"),
              std::string::npos);
}

}  // namespace
}  // namespace muster
