#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>
#include <muster/testing/sanitizers.hpp>

#include "probing_test.hpp"

namespace muster {
namespace {

using step::close;
using step::read_request;
using step::reset;
using step::send;
using step::stay;

using KeptConnection = ProbingTest;

/// A server that answers `count` requests over one connection, and then does `last`.
ServerScript answers(std::size_t count, ServerStep last, std::string_view text = kOk) {
    ServerScript script;
    for (std::size_t index = 0; index < count; ++index) {
        script.push_back(read_request());
        script.push_back(send(std::string(text)));
    }
    script.push_back(std::move(last));
    return script;
}

TEST_F(KeptConnection, IsUsedAgain) {
    server.then(answers(3, stay()));
    auto const probe = prepare(server.url(), true);
    auto const first = run(*probe);
    EXPECT_EQ(first.connection, ConnectionUse::fresh);
    EXPECT_EQ(client.idle_connections(), 1U);
    auto const second = run(*probe);
    EXPECT_EQ(second.verdict, Verdict::passed);
    EXPECT_EQ(second.connection, ConnectionUse::reused);
    EXPECT_EQ(second.phases.connect, Phases::kNone);
    EXPECT_GE(second.phases.first_byte, 0us);
    EXPECT_EQ(server.accepted(), 1U);
    EXPECT_NE(server.requests()[0].find("\r\nConnection: keep-alive\r\n"), std::string::npos);
}

TEST_F(KeptConnection, IsSharedByProbesOfOneAuthority) {
    server.then(answers(3, stay()));
    auto const health = prepare(server.url("/health"), true);
    auto const other = prepare(server.url("/other"), true);
    EXPECT_EQ(run(*health).verdict, Verdict::passed);
    EXPECT_EQ(run(*other).connection, ConnectionUse::reused);
    EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(KeptConnection, IsNotUsedByAFreshRun) {
    server.then(answers(3, stay()));
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    EXPECT_EQ(run(*probe, 10s, true).connection, ConnectionUse::fresh);
    EXPECT_EQ(server.accepted(), 2U);
    auto const once = prepare(server.url(), false);
    EXPECT_EQ(run(*once).connection, ConnectionUse::fresh);
    EXPECT_EQ(server.accepted(), 3U);
}

/// A service that fails is probed by fresh connections, for as long as it fails.
TEST_F(KeptConnection, GivesWayToAFreshOneThatIsKept) {
    server.then(answers(2, stay()));
    auto const probe = prepare(server.url(), true);
    for (std::size_t times = 1; times <= 4; ++times) {
        EXPECT_EQ(run(*probe, 10s, true).connection, ConnectionUse::fresh);
        EXPECT_EQ(client.idle_connections(), 1U);
        run_until([this, times] { return server.ended() == times - 1; });
    }
    EXPECT_EQ(run(*probe).connection, ConnectionUse::reused);
    EXPECT_EQ(server.accepted(), 4U);
}

TEST_F(KeptConnection, ThatThePeerClosedWhileIdleIsNoticedAtOnce) {
    server.then(answers(1, close()));
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    run_until([this] { return client.idle_connections() == 0; });
    auto const next = run(*probe);
    EXPECT_EQ(next.verdict, Verdict::passed);
    EXPECT_EQ(next.connection, ConnectionUse::fresh);
}

/// As cpp-httplib does: five requests a connection.
TEST_F(KeptConnection, ThatEndsAfterNRequestsNeverFailsACheck) {
    server.then(answers(5, close()));
    auto const probe = prepare(server.url(), true);
    for (int count = 0; count < 23; ++count) {
        auto const outcome = run(*probe);
        ASSERT_EQ(outcome.verdict, Verdict::passed) << count << ": " << outcome.error;
    }
    EXPECT_EQ(server.accepted(), 5U);
}

TEST_F(KeptConnection, ThatIsClosedInsteadOfAnsweringIsNoOutcome) {
    for (auto const& last : {close(), reset()}) {
        auto script = answers(1, read_request());
        script.push_back(last);
        server.then(script);
        server.then(answers(3, stay()));
    }
    for (int round = 0; round < 2; ++round) {
        auto const probe = prepare(server.url(), true);
        EXPECT_EQ(run(*probe).connection, ConnectionUse::fresh);
        auto const repeated = run(*probe);
        EXPECT_EQ(repeated.verdict, Verdict::passed) << repeated.error;
        EXPECT_EQ(repeated.connection, ConnectionUse::fresh);
        EXPECT_GE(repeated.phases.connect, 0us);
    }
    EXPECT_EQ(server.accepted(), 4U);
    EXPECT_EQ(server.requests().size(), 6U);
}

TEST_F(KeptConnection, IsRepeatedOnlyOnce) {
    auto script = answers(1, read_request());
    script.push_back(close());
    server.then(script);
    server.then({read_request(), close()});
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    EXPECT_EQ(run(*probe).error, "connection closed after 0 bytes");
    EXPECT_EQ(server.accepted(), 2U);
}

TEST_F(KeptConnection, ThatEndsWithinTheAnswerIsAFailure) {
    auto script = answers(1, read_request());
    script.push_back(send("HTTP/1.1 200 OK\r\n"));
    script.push_back(reset());
    server.then(script);
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    auto const outcome = run(*probe);
    EXPECT_EQ(outcome.error, "connection reset after 17 bytes");
    EXPECT_EQ(outcome.connection, ConnectionUse::reused);
    EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(KeptConnection, ThatSays408SpeaksOfThePast) {
    auto script = answers(1, read_request());
    script.push_back(send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"));
    server.then(script);
    server.then(answers(1, stay()));
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    EXPECT_EQ(server.accepted(), 2U);
}

TEST_F(KeptConnection, RepeatsWithinTheSameDeadline) {
    auto script = answers(1, read_request());
    script.push_back(close());
    server.then(script);
    server.then({stay()});
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    auto const outcome = run(*probe, 100ms);
    EXPECT_EQ(outcome.error, "timed out after 100 ms");
    EXPECT_LT(outcome.response_time, 200ms);
}

TEST_F(KeptConnection, IsNotKeptWhenThePeerWillClose) {
    for (auto const* headers : {"Connection: close\r\n", "Keep-Alive: timeout=1\r\n",
                                "Keep-Alive: timeout=60, max=0\r\n"}) {
        server.then(
            answers(1, stay(),
                    "HTTP/1.1 200 OK\r\n" + std::string(headers) + "Content-Length: 2\r\n\r\nok"));
        auto const probe = prepare(server.url(), true);
        EXPECT_EQ(run(*probe).verdict, Verdict::passed);
        EXPECT_EQ(client.idle_connections(), 0U) << headers;
    }
}

TEST_F(KeptConnection, IsNotKeptBehindBytesNobodyAskedFor) {
    server.then(answers(1, stay(), std::string(kOk) + "more"));
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    EXPECT_EQ(client.idle_connections(), 0U);
}

TEST_F(KeptConnection, IsDroppedWhenThePeerSpeaksUnasked) {
    auto script = answers(1, send("HTTP/1.1 408 Request Timeout\r\n\r\n"));
    script.push_back(stay());
    server.then(script);
    auto const probe = prepare(server.url(), true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    run_until([this] { return client.idle_connections() == 0; });
    run_until([this] { return server.ended() == 1; });
}

TEST_F(KeptConnection, GoesWithTheLastProbeOfItsAuthority) {
    server.then(answers(2, stay()));
    auto first = prepare(server.url(), true);
    auto second = prepare(server.url(), true);
    EXPECT_EQ(run(*first).verdict, Verdict::passed);
    first.reset();
    EXPECT_EQ(client.idle_connections(), 1U);
    second.reset();
    EXPECT_EQ(client.idle_connections(), 0U);
    run_until([this] { return server.ended() == 1; });
}

struct SmallPool : ProbingTest {
    [[nodiscard]] static HttpClientOptions small(HttpPoolOptions pool) {
        return {.pool = pool, .user_agent = "muster"};
    }

    void expect_idle_after_three_probes(HttpPoolOptions pool, std::size_t idle) {
        HttpClient own_client(loop, clock, resolver, small(pool));
        HttpProber prober(own_client);
        std::vector<std::unique_ptr<ScriptedServer>> servers;
        std::vector<std::unique_ptr<Probe>> probes;
        for (int index = 0; index < 3; ++index) {
            servers.push_back(std::make_unique<ScriptedServer>(loop.context()));
            servers.back()->then(answers(2, stay()));
            HttpProbeSpec const spec{parse_url(servers.back()->url()).value()};
            probes.push_back(prober.prepare(spec, true).value());
            EXPECT_EQ(run(*probes.back()).verdict, Verdict::passed);
        }
        EXPECT_EQ(own_client.idle_connections(), idle);
        if (idle == 2) {
            run_until([&] { return servers[0]->ended() == 1; });
        }
        probes.clear();
    }
};

TEST_F(SmallPool, ClosesTheOneIdleLongest) {
    expect_idle_after_three_probes({.max_idle = 2}, 2);
}

TEST_F(SmallPool, KeepsNothingWhereNothingMayBeKept) {
    expect_idle_after_three_probes({.max_idle = 0}, 0);
}

TEST_F(SmallPool, UsesNoConnectionThatIsTooOld) {
    for (auto const& pool :
         {HttpPoolOptions{.max_idle_time = 30ms}, HttpPoolOptions{.max_lifetime = 30ms}}) {
        HttpClient own_client(loop, clock, resolver, small(pool));
        HttpProber prober(own_client);
        ScriptedServer own_server(loop.context());
        own_server.then(answers(2, stay()));
        HttpProbeSpec const spec{parse_url(own_server.url()).value()};
        auto const probe = prober.prepare(spec, true).value();
        EXPECT_EQ(run(*probe).verdict, Verdict::passed);
        EXPECT_EQ(run(*probe).connection, ConnectionUse::reused);
        run_for(40ms);
        EXPECT_EQ(run(*probe).connection, ConnectionUse::fresh);
    }
}

/// Idle connections are given up before a probe is.
TEST_F(KeptConnection, MakesRoomWhenDescriptorsRunOut) {
    if (testing::kObjectsTakeDescriptors) {
        GTEST_SKIP() << "the sanitizer takes descriptors of its own";
    }
    server.then(answers(2, stay()));
    ScriptedServer other(loop.context());
    other.then(answers(2, stay()));
    auto const kept = prepare(server.url(), true);
    auto const next = prepare(other.url(), true);
    EXPECT_EQ(run(*kept).verdict, Verdict::passed);

    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit const few{64, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
    std::vector<int> fillers;
    for (int filler = ::dup(0); filler >= 0; filler = ::dup(0)) {
        fillers.push_back(filler);
    }
    auto const outcome = run(*next);
    for (auto const filler : fillers) {
        ::close(filler);
    }
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(client.idle_connections(), 1U);
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
}

}  // namespace
}  // namespace muster
