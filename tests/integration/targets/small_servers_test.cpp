#include <muster/testing/target_server.hpp>

#include "expected.hpp"

namespace muster {
namespace {

using testing::start_python_http;
using testing::TargetServer;

using PythonHttp = RealTarget;
using CppHttplib = RealTarget;

/// HTTP/1.0, whatever is asked for.
TEST_F(PythonHttp, EveryAnswerGetsItsVerdict) {
    auto const python = start_python_http({{"health.json", R"({"status":"degraded"})"},
                                           {"down.json", R"({"isRunning":false})"},
                                           {"health", "fine"},
                                           {"empty.json", ""}});
    expect_all(python->url(""),
               {{.path = "/health.json", .word = BodyWord::degraded},
                {.path = "/down.json", .error = "body says down", .word = BodyWord::down},
                {.path = "/health"},
                {.path = "/empty.json"},
                {.path = "/"},
                {.path = "/missing", .error = "HTTP error: 404", .status = 404}});
}

testing::TargetServerPtr start_demo() {
    return std::make_unique<TargetServer>([](auto const&, testing::Place const& place) {
        return TargetServer::Launch{std::string(MUSTER_BIN_DIR) + "/demo-chatbot",
                                    {"--host", place.address, "--port", std::to_string(place.port)},
                                    {}};
    });
}

/// Five requests a connection.
TEST_F(CppHttplib, ClosingAfterFiveRequestsNeverFailsACheck) {
    auto const demo = start_demo();
    auto const one = prepare(demo->url("/health"), true);
    for (int count = 0; count < 200; ++count) {
        auto const outcome = run(*one);
        ASSERT_EQ(outcome.verdict, Verdict::passed) << count << ": " << outcome.error;
        EXPECT_EQ(outcome.connection, count % 5 == 0 ? ConnectionUse::fresh : ConnectionUse::reused)
            << count;
    }
}

}  // namespace
}  // namespace muster
