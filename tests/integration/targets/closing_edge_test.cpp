// Node ends a connection that was idle for keepAliveTimeout. Requests that meet that very moment
// are sent again and never become a failure.

#include <string>
#include <vector>

#include <muster/testing/target_server.hpp>

#include "expected.hpp"
#include "paced_probe.hpp"

namespace muster {
namespace {

/// `/hint` lets Node tell its timeout, `/` hides it, so that only the race is left.
std::string server_with(std::string const& keep_alive_timeout) {
    return R"js(
const server = require('http').createServer((request, response) => {
  if (request.url === '/') response.setHeader('Connection', 'keep-alive');
  response.end('ok');
});
)js" + keep_alive_timeout +
           "\nserver.listen(place.port, place.address);\n";
}

HttpProbeSpec spec_to(std::string const& url) {
    return {.url = parse_url(url).value()};
}

struct ClosingEdge : ProbingTest {
    void expect_no_failure() {
        probes.run_to_end();
        EXPECT_EQ(probes.failures(), std::vector<std::string>{});
        EXPECT_GT(probes.reused(), 0U) << "it never was before the edge";
        EXPECT_GT(probes.fresh(), probes.size()) << "it never was behind the edge";
    }

    PacedProbes probes{loop, clock, resolver};
};

TEST_F(ClosingEdge, OfAShortTimeoutNeverFailsACheck) {
    auto const node = testing::start_node(server_with("server.keepAliveTimeout = 100;"));
    auto const spec = spec_to(node->url());
    probes.add(spec, 100, {.pause = probes.measured_edge(spec) - 20ms, .rounds = 6}, 400us);
    expect_no_failure();
}

TEST_F(ClosingEdge, OfNodesFiveSecondsNeverFailsACheck) {
    auto const node = testing::start_node(server_with(""));
    probes.add(spec_to(node->url("/")), 100, {.pause = 4'985ms, .rounds = 2}, 500us);
    // Or six, where it is a newer one.
    probes.add(spec_to(node->url("/")), 100, {.pause = 5'985ms, .rounds = 2}, 500us);
    probes.add(spec_to(node->url("/hint")), 100, {.pause = 3'900ms, .rounds = 2}, 12ms);
    expect_no_failure();
}

}  // namespace
}  // namespace muster
