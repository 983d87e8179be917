// Who may have the hub probe any address, by the built program.

#include <csignal>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <httplib.h>

#include <e2e/program/answer_log.hpp>
#include <e2e/program/hub_process.hpp>
#include <muster/testing/target_server.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::e2e {
namespace {

struct ProbeGuard : ::testing::Test {
    int status(HubProcess const& hub, httplib::Headers const& headers,
               std::string const& query = "?module=tcp_connect&target=127.0.0.1:9") {
        httplib::Client client("127.0.0.1", hub.port());
        log_answers(client);
        auto const answer = client.Get("/probe" + query, headers);
        body = answer ? answer->body : "";
        return answer ? answer->status : 0;
    }

    void configure(std::string const& text) const {
        std::ofstream(folder.path() / "muster.yaml") << text;
    }

    testing::TemporaryFolder folder;
    std::string body;
};

TEST_F(ProbeGuard, HoldsUntilAReloadOpensIt) {
    httplib::Headers const forwarded{{"X-Forwarded-For", "192.0.2.1"}};
    configure("auth: { probe: guarded }\n");
    HubProcess hub(folder.path(), "");
    EXPECT_EQ(status(hub, {}), 200);
    EXPECT_EQ(status(hub, forwarded), 403);
    EXPECT_EQ(status(hub, {{"Host", "evil.example"}}), 403);
    EXPECT_EQ(status(hub, {{"Sec-Fetch-Site", "cross-site"}}), 403);
    configure("auth: { probe: open }\n");
    hub.process().signal(SIGHUP);
    ASSERT_TRUE(hub.process().wait_for_line("auth.probe: guarded -> open"))
        << hub.process().output();
    // The edge takes it over a moment later.
    for (int round = 0; round < 100 && status(hub, forwarded) != 200; ++round) {
        hub.process().listen_for(20);
    }
    EXPECT_EQ(status(hub, forwarded), 200);
    EXPECT_NE(body.find("\nprobe_success 0\n"), std::string::npos) << body;
}

TEST_F(ProbeGuard, AsksForTheToken) {
    configure("auth: { token: s3cret }\n");
    HubProcess const hub(folder.path(), "");
    EXPECT_EQ(status(hub, {}), 401);
    EXPECT_EQ(status(hub, {{"Authorization", "Bearer wrong"}}), 401);
    EXPECT_EQ(status(hub, {{"Authorization", "Bearer s3cret"}}), 200);
}

TEST_F(ProbeGuard, LetsPassWhatCanBeRead) {
    HubProcess const hub(folder.path(), "");
    EXPECT_EQ(status(hub, {}, "?module=http_2xx"), 400);
    EXPECT_EQ(body, "Target parameter is missing\n");
    EXPECT_EQ(status(hub, {}, "?module=icmp&target=127.0.0.1"), 400);
    EXPECT_EQ(status(hub, {{"X-Prometheus-Scrape-Timeout-Seconds", "soon"}}), 400);
    EXPECT_EQ(status(hub, {}, "?module=tcp_connect&target=127.0.0.1:9&debug=true"), 200);
    EXPECT_NE(body.find("result: failed: connection refused"), std::string::npos) << body;
}

TEST_F(ProbeGuard, AProbeUnderWayHoldsUpNoStop) {
    auto const silent = testing::start_node(
        "require('net').createServer(() => {}).listen(place.port, "
        "place.address);");
    HubProcess hub(folder.path(), "");
    ChildProcess curl(testing::find_program("curl"),
                      {"-s", "-i", hub.url() + "/probe?target=" + silent->host_and_port()}, {});
    ASSERT_TRUE(hub.shows("/metrics", "\nmuster_probe_requests_in_flight 1\n"));
    hub.process().signal(SIGTERM);
    EXPECT_EQ(hub.process().wait_for_end(), 0) << hub.process().output();
    EXPECT_EQ(curl.wait_for_end(), 0);
    while (curl.wait_for_line("HTTP/1.1 503")) {}
    EXPECT_NE(curl.output().find("HTTP/1.1 503"), std::string::npos) << curl.output();
}

TEST_F(ProbeGuard, AProbeEndsWhenNobodyWaitsForIt) {
    auto const silent = testing::start_node(
        "require('net').createServer(() => {}).listen(place.port, "
        "place.address);");
    HubProcess hub(folder.path(), "");
    {
        ChildProcess curl(testing::find_program("curl"),
                          {"-s", hub.url() + "/probe?target=" + silent->host_and_port()}, {});
        ASSERT_TRUE(hub.shows("/metrics", "\nmuster_probe_requests_in_flight 1\n"));
    }
    EXPECT_TRUE(hub.shows("/metrics", "\nmuster_probe_requests_in_flight 0\n"));
}

}  // namespace
}  // namespace muster::e2e
