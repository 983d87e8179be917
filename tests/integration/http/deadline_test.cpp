#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <boost/asio/ip/tcp.hpp>
#include <muster/testing/sanitizers.hpp>

#include "probing_test.hpp"

namespace muster {
namespace {

using step::drip;
using step::read_request;
using step::send;
using step::stay;

/// Takes no connection any more: the kernel drops what asks for one.
class FullBacklog {
public:
    explicit FullBacklog(boost::asio::io_context& context) : acceptor_(context) {
        acceptor_.open(Tcp::v4());
        acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
        acceptor_.listen(0);
        for (int index = 0; index < 4; ++index) {
            waiting_.push_back(std::make_unique<Tcp::socket>(context));
            waiting_.back()->async_connect(acceptor_.local_endpoint(), [](auto const&) {});
        }
    }

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
    }

private:
    using Tcp = boost::asio::ip::tcp;

    Tcp::acceptor acceptor_;
    std::vector<std::unique_ptr<Tcp::socket>> waiting_;
};

/// One deadline for everything, and what must happen at once.
class HttpDeadline : public ProbingTest {
public:
    static void expect_timeout(Outcome const& outcome, std::string const& note) {
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        EXPECT_EQ(outcome.error, "timed out after 100 ms");
        EXPECT_EQ(outcome.note, note);
        EXPECT_GE(outcome.response_time, 100ms);
        EXPECT_LT(outcome.response_time, 200ms);
    }
};

TEST_F(HttpDeadline, EndsASilentAccept) {
    expect_timeout(probe_script({stay()}, 100ms), "while waiting for the answer");
    run_until([this] { return server.ended() == 1; });
}

TEST_F(HttpDeadline, EndsASlowDripOfHeaders) {
    expect_timeout(
        probe_script({read_request(), drip("HTTP/1.1 200 OK\r\n" + std::string(100, 'x'), 10ms)},
                     100ms),
        "while reading the answer");
}

TEST_F(HttpDeadline, EndsASlowDripOfBody) {
    auto const outcome =
        probe_script({read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
                      drip(std::string(5'000, 'x'), 10ms)},
                     100ms);
    expect_timeout(outcome, "while reading the answer");
    EXPECT_EQ(outcome.http_status, 200);
}

TEST_F(HttpDeadline, EndsAFullBacklog) {
    FullBacklog full(loop.context());
    run_for(20ms);
    expect_timeout(probe(full.url(), 100ms), "while connecting");
}

TEST_F(HttpDeadline, EndsAResolverThatDoesNotAnswer) {
    auto const outcome = probe("http://silent.example/", 100ms);
    EXPECT_EQ(outcome.verdict, Verdict::not_counted) << "it says nothing about the target";
    EXPECT_EQ(outcome.error, "the name service did not answer within 100 ms");
}

TEST_F(HttpDeadline, TellsAMissingNameFromAMissingResolver) {
    resolver.set("nowhere.example", tl::unexpected(name_failure("nowhere.example")));
    auto const missing = probe("http://nowhere.example/");
    EXPECT_EQ(missing.verdict, Verdict::failed);
    EXPECT_EQ(missing.error, "name not found: nowhere.example");
    EXPECT_GE(missing.phases.dns, 0us);

    resolver.set("away.example", tl::unexpected(Failure{Failure::Kind::ours, "no resolver"}));
    auto const away = probe("http://away.example/");
    EXPECT_EQ(away.verdict, Verdict::not_counted);
    EXPECT_EQ(away.error, "no resolver");
}

TEST_F(HttpDeadline, TriesTheAddressesOfANameInOrder) {
    auto const refusing = boost::asio::ip::make_address("127.0.0.77");
    resolver.set(
        "two.example",
        Addresses{refusing, boost::asio::ip::address(boost::asio::ip::address_v4::loopback())});
    server.then({read_request(), send(std::string(kOk))});
    auto const outcome = probe("http://two.example:" + std::to_string(server.port()) + "/");
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    EXPECT_GE(outcome.phases.dns, 0us);
    EXPECT_GE(outcome.phases.connect, 0us);
}

TEST_F(HttpDeadline, FallsBackToTheSecondAddressOfLocalhost) {
    ScriptedServer only_v6(loop.context(), boost::asio::ip::address_v6::loopback());
    only_v6.then({read_request(), send(std::string(kOk))});
    auto const outcome = probe("http://localhost:" + std::to_string(only_v6.port()) + "/");
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    EXPECT_EQ(outcome.phases.dns, Phases::kNone);
}

TEST_F(HttpDeadline, BlamesTheTargetWhenOneAddressRefusesAndTheOtherIsOutOfOurReach) {
    auto const unreachable = boost::asio::ip::make_address("255.255.255.255");
    auto const refusing = boost::asio::ip::make_address("127.0.0.77");
    resolver.set("odd.example", Addresses{unreachable, refusing});
    auto const outcome = probe("http://odd.example:" + std::to_string(server.port()) + "/");
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "connection refused");
}

TEST_F(HttpDeadline, CancellingClosesAtOnceAndTellsNobody) {
    server.then({read_request(), stay()});
    auto const probe = prepare(server.url());
    probe->start({.timeout = 10s}, observer, 1);
    run_until([this] { return !server.requests().empty(); });
    probe->cancel();
    run_until([this] { return server.ended() == 1; });
    EXPECT_EQ(observer.count, 0U);
    probe->cancel();
}

TEST_F(HttpDeadline, DestroyingClosesAtOnceInEveryStage) {
    server.then({read_request(), stay()});
    FullBacklog full(loop.context());
    run_for(20ms);
    for (auto const& url : {std::string("http://silent.example/"), full.url()}) {
        auto resolving_or_connecting = prepare(url);
        resolving_or_connecting->start({.timeout = 10s}, observer, 1);
        run_for(5ms);
        resolving_or_connecting.reset();
    }
    auto just_started = prepare(server.url());
    just_started->start({.timeout = 10s}, observer, 1);
    just_started.reset();
    run_for(20ms);
    EXPECT_EQ(observer.count, 0U);
    EXPECT_EQ(server.accepted(), server.ended());
}

TEST_F(HttpDeadline, TheObserverMayDestroyTheProbe) {
    server.then({read_request(), send(std::string(kOk))});
    auto probe = prepare(server.url());
    observer.then = [&probe] { probe.reset(); };
    probe->start({.timeout = 10s}, observer, 1);
    run_until([this] { return observer.count == 1; });
    EXPECT_EQ(probe, nullptr);

    auto failing = prepare("http://127.0.0.77:" + std::to_string(server.port()) + "/");
    observer.then = [&failing] { failing.reset(); };
    failing->start({.timeout = 10s}, observer, 1);
    run_until([this] { return observer.count == 2; });

    auto late = prepare("http://silent.example/");
    observer.then = [&late] { late.reset(); };
    late->start({.timeout = 50ms}, observer, 1);
    run_until([this] { return observer.count == 3; });
}

TEST_F(HttpDeadline, TheObserverMayStartAgain) {
    server.then({read_request(), send(std::string(kOk))});
    auto const probe = prepare(server.url());
    observer.then = [&] {
        if (observer.count < 5) {
            probe->start({.timeout = 10s}, observer, observer.count);
        }
    };
    probe->start({.timeout = 10s}, observer, 0);
    run_until([this] { return observer.count == 5; });
    EXPECT_EQ(observer.last_token, 4U);
    EXPECT_EQ(server.accepted(), 5U);
}

TEST_F(HttpDeadline, HavingNoDescriptorsIsOurOwnFailure) {
    if (testing::kObjectsTakeDescriptors) {
        GTEST_SKIP() << "the sanitizer takes descriptors of its own";
    }
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    auto const probe = prepare(server.url());
    rlimit const none{1, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    auto const outcome = run(*probe);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(outcome.verdict, Verdict::not_counted);
    EXPECT_EQ(outcome.error, "this machine has no descriptors left (not counted)");
}

}  // namespace
}  // namespace muster
