// `muster config plan` as a hub behind a path and a token sees it.

#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>

#include <muster/testing/temporary_folder.hpp>

#include "hub_process.hpp"

namespace muster::e2e {
namespace {

constexpr char const* kNothing =
    R"({"success":true,"data":{"added":[],"changed":[],"renamed":[],"removed":[],"warnings":[],)"
    R"("settings":[],"needsRestart":[]},"timestamp":"2026-11-22T05:55:00.000Z"})";

/// Answers at `/muster` who shows the token `hush`.
class GuardedHub {
public:
    GuardedHub() : port_(server_.bind_to_any_port("127.0.0.1")) {
        server_.Get("/muster/api/config/plan", [](httplib::Request const& request,
                                                  httplib::Response& response) {
            bool const knows = request.get_header_value("Authorization") == "Bearer hush";
            response.status = knows ? 200 : 401;
            response.set_content(knows ? kNothing : R"({"success":false,"error":"no token"})",
                                 "application/json");
        });
        thread_ = std::thread([this] { server_.listen_after_bind(); });
    }
    ~GuardedHub() {
        while (!server_.is_running()) {
            std::this_thread::yield();  // a stop before the start would be lost
        }
        server_.stop();
        thread_.join();
    }
    GuardedHub(GuardedHub const&) = delete;
    GuardedHub& operator=(GuardedHub const&) = delete;

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/muster/";
    }

private:
    httplib::Server server_;
    int port_;
    std::thread thread_;
};

TEST(ConfigPlan, AsksBehindAPathWithTheTokenThatIsGiven) {
    testing::TemporaryFolder const folder;
    GuardedHub const hub;
    ChildProcess::Options options;
    options.folder = folder.path();
    ChildProcess given(program("muster"), {"config", "plan", "--hub", hub.url(), "--token", "hush"},
                       options);
    EXPECT_EQ(given.wait_for_end(), 0) << given.output();
    EXPECT_NE(given.output().find("a reload would change nothing"), std::string::npos)
        << given.output();
    ChildProcess without(program("muster"), {"config", "plan", "--hub", hub.url()}, options);
    EXPECT_EQ(without.wait_for_end(), 5) << without.output();

    options.environment["MUSTER_URL"] = hub.url();
    options.environment["MUSTER_TOKEN"] = "hush";
    ChildProcess environment(program("muster"), {"config", "plan"}, options);
    EXPECT_EQ(environment.wait_for_end(), 0) << environment.output();
}

TEST(ConfigPlan, RefusesHttpsByName) {
    testing::TemporaryFolder const folder;
    ChildProcess::Options options;
    options.folder = folder.path();
    ChildProcess https(program("muster"), {"config", "plan", "--hub", "https://127.0.0.1:1"},
                       options);
    EXPECT_EQ(https.wait_for_end(), 3);
    EXPECT_NE(https.output().find("https is not built yet"), std::string::npos) << https.output();
}

}  // namespace
}  // namespace muster::e2e
