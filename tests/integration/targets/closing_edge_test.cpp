// Node ends a connection that was idle for keepAliveTimeout. Requests that meet that very moment
// are sent again and never become a failure.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include <muster/testing/target_server.hpp>

#include "expected.hpp"

namespace muster {
namespace {

/// A probe with a connection of its own, again and again, a fixed time after each answer.
class PacedProbe final : public ProbeObserver {
public:
    struct Pace {
        Micros pause{0};
        std::size_t rounds{0};
    };
    struct Seen {
        std::size_t fresh{0};
        std::size_t reused{0};
        std::vector<std::string> failures;
    };

    PacedProbe(Loop& loop, Clock const& clock, Resolver& resolver, std::string const& url,
               Pace pace)
        : client_(loop, clock, resolver, {}),
          timer_(loop.context()),
          pace_(pace),
          probe_(prober_.prepare(HttpProbeSpec{parse_url(url).value()}, true).value()) {
        start();
    }
    ~PacedProbe() override = default;
    PacedProbe(PacedProbe const&) = delete;
    PacedProbe& operator=(PacedProbe const&) = delete;

    [[nodiscard]] bool done() const { return done_ == pace_.rounds; }
    [[nodiscard]] Seen const& seen() const { return seen_; }

private:
    void start() { probe_->start({.timeout = 10s, .fresh = false}, *this, 0); }

    void probed(std::uint64_t /*token*/, Outcome outcome) override {
        ++(outcome.connection == ConnectionUse::fresh ? seen_.fresh : seen_.reused);
        if (outcome.verdict != Verdict::passed) {
            seen_.failures.push_back(outcome.error);
        }
        if (++done_ < pace_.rounds) {
            timer_.expires_after(pace_.pause);
            timer_.async_wait([this](auto const& error) {
                if (!error) {
                    start();
                }
            });
        }
    }

    HttpClient client_;
    HttpProber prober_{client_};
    boost::asio::steady_timer timer_;
    Pace const pace_;
    std::size_t done_{0};
    Seen seen_;
    std::unique_ptr<Probe> probe_;  // last: it calls back
};

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

struct ClosingEdge : ProbingTest {
    void add(std::string const& url, std::size_t count, PacedProbe::Pace first, Micros step) {
        for (std::size_t index = 0; index < count; ++index) {
            probes.push_back(std::make_unique<PacedProbe>(loop, clock, resolver, url, first));
            first.pause += step;
        }
    }

    /// How long Node really keeps an idle connection: newer ones wait longer than they say.
    Micros measured_edge(std::string const& url) {
        auto const probe = prepare(url, true);
        EXPECT_EQ(run(*probe).verdict, Verdict::passed);
        auto const answered = clock.now().steady;
        run_until([this] { return client.idle_connections() == 0; });
        return std::chrono::duration_cast<Micros>(clock.now().steady - answered);
    }

    void expect_no_failure() {
        run_until([this] {
            return std::all_of(probes.begin(), probes.end(),
                               [](auto const& probe) { return probe->done(); });
        });
        for (auto const& probe : probes) {
            for (auto const& failure : probe->seen().failures) {
                ADD_FAILURE() << failure;
            }
            fresh += probe->seen().fresh;
            reused += probe->seen().reused;
        }
    }

    std::vector<std::unique_ptr<PacedProbe>> probes;
    std::size_t fresh{0};
    std::size_t reused{0};
};

TEST_F(ClosingEdge, OfAShortTimeoutNeverFailsACheck) {
    auto const node = testing::start_node(server_with("server.keepAliveTimeout = 100;"));
    auto const edge = measured_edge(node->url());
    add(node->url(), 100, {.pause = edge - 20ms, .rounds = 6}, 400us);
    expect_no_failure();
    EXPECT_GT(reused, 0U) << "it never was before the edge";
    EXPECT_GT(fresh, probes.size()) << "it never was behind the edge";
}

TEST_F(ClosingEdge, OfNodesFiveSecondsNeverFailsACheck) {
    auto const node = testing::start_node(server_with(""));
    add(node->url("/"), 100, {.pause = 4'985ms, .rounds = 2}, 500us);
    // Or six, where it is a newer one.
    add(node->url("/"), 100, {.pause = 5'985ms, .rounds = 2}, 500us);
    add(node->url("/hint"), 100, {.pause = 3'900ms, .rounds = 2}, 12ms);
    expect_no_failure();
    EXPECT_GT(reused, 0U) << "it never was before the edge";
    EXPECT_GT(fresh, probes.size()) << "it never was behind the edge";
}

}  // namespace
}  // namespace muster
