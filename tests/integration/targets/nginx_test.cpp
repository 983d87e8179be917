#include <muster/testing/target_server.hpp>

#include "expected.hpp"

namespace muster {
namespace {

using testing::start_nginx;

using Nginx = RealTarget;

testing::NginxSite site() {
    return {.server_block = R"(
default_type text/plain;
location = /ok { return 200 "ok"; }
location = /empty { return 200; }
location = /healthy { default_type application/json; return 200 '{"status":"healthy"}'; }
location = /warn { default_type application/json; return 200 '{"status":"WARN"}'; }
location = /down { default_type application/json; return 200 '{"status":"down"}'; }
location = /broken { default_type application/json; return 200 '{"status":'; }
location = /204 { return 204; }
location = /301 { return 301 /ok; }
location = /304 { return 304; }
location = /401 { return 401; }
location = /404 { return 404; }
location = /503 { return 503; }
location = /502 { proxy_pass http://127.0.0.1:9; }
location = /no-answer { return 444; }
location = /chunked.html { ssi on; }
location = /until-close.html { ssi on; chunked_transfer_encoding off; }
location = /once { keepalive_timeout 0; return 200 "ok"; }
location = /hinted { keepalive_timeout 75s 20s; return 200 "ok"; }
location = /three { keepalive_requests 3; return 200 "ok"; }
)",
            .files = {{"chunked.html", R"({"isRunning":false})"},
                      {"until-close.html", R"({"status":"degraded"})"},
                      {"big.bin", std::string(3U << 20U, '\7')}}};
}

TEST_F(Nginx, EveryAnswerGetsItsVerdict) {
    auto const nginx = start_nginx(site());
    expect_all(nginx->url(""),
               {{.path = "/ok", .kept = true},
                {.path = "/empty", .kept = true},
                {.path = "/healthy", .kept = true},
                {.path = "/warn", .word = BodyWord::degraded, .kept = true},
                {.path = "/down", .error = "body says down", .word = BodyWord::down, .kept = true},
                {.path = "/broken", .kept = true, .note = "body is not readable JSON"},
                {.path = "/204", .status = 204, .kept = true},
                {.path = "/301", .error = "HTTP error: 301", .status = 301, .kept = true},
                {.path = "/304", .error = "HTTP error: 304", .status = 304, .kept = true},
                {.path = "/401", .error = "HTTP error: 401", .status = 401, .kept = true},
                {.path = "/404", .error = "HTTP error: 404", .status = 404, .kept = true},
                {.path = "/503", .error = "HTTP error: 503", .status = 503, .kept = true},
                {.path = "/502", .error = "HTTP error: 502", .status = 502, .kept = true},
                {.path = "/no-answer", .error = "connection closed after 0 bytes", .status = 0}});
}

TEST_F(Nginx, EveryFramingIsRead) {
    auto const nginx = start_nginx(site());
    expect_all(
        nginx->url(""),
        {{.path = "/chunked.html", .error = "body says down", .word = BodyWord::down, .kept = true},
         {.path = "/until-close.html", .word = BodyWord::degraded},
         {.path = "/big.bin"},  // the rest of it is not read, so the connection goes
         {.path = "/once"},
         {.path = "/hinted", .kept = true}});
}

TEST_F(Nginx, ClosingAfterThreeRequestsNeverFailsACheck) {
    auto const nginx = start_nginx(site());
    auto const probe = prepare(nginx->url("/three"), true);
    for (int count = 0; count < 60; ++count) {
        auto const outcome = run(*probe);
        ASSERT_EQ(outcome.verdict, Verdict::passed) << count << ": " << outcome.error;
        EXPECT_EQ(outcome.connection,
                  count % 3 == 0 ? ConnectionUse::fresh : ConnectionUse::reused);
    }
}

TEST_F(Nginx, ItsEndIsSeenAtOnce) {
    auto const nginx = start_nginx(site());
    auto const probe = prepare(nginx->url("/ok"), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    nginx->stop();
    run_until([this] { return client.idle_connections() == 0; });
    auto const outcome = run(*probe);
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "connection refused");
}

}  // namespace
}  // namespace muster
