#include <muster/tcp/tcp_prober.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <muster/dns/dns_resolver.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/testing/sanitizers.hpp>

namespace muster {
namespace {

namespace ip = boost::asio::ip;

struct TcpProbing : ::testing::Test, ProbeObserver {
    void probed(std::uint64_t token, Outcome outcome) override {
        EXPECT_EQ(token, 3U);
        ++count;
        last = std::move(outcome);
        if (then) {
            then();
        }
    }

    std::unique_ptr<Probe> prepare(std::string const& host, std::uint16_t port) {
        return tcp.prepare(TcpProbeSpec{HostPort{host, port}}, false).value();
    }

    Outcome run(Probe& probe, Millis timeout = 10s) {
        last.reset();
        probe.start({.timeout = timeout}, *this, 3);
        EXPECT_FALSE(last.has_value());
        while (!last) {
            loop.context().run_one();
        }
        return *last;
    }

    Outcome probe(std::string const& host, std::uint16_t port, Millis timeout = 10s) {
        auto const one = prepare(host, port);
        return run(*one, timeout);
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor.local_endpoint().port(); }

    Loop loop;
    SystemClock clock;
    DnsResolver resolver{loop, clock};
    TcpProber tcp{loop, clock, resolver};
    ip::tcp::acceptor acceptor{loop.context(), {ip::address_v4::loopback(), 0}};
    std::size_t count{0};
    std::optional<Outcome> last;
    UniqueFunction<void()> then;
};

TEST_F(TcpProbing, PassesWhatAccepts) {
    auto const outcome = probe("127.0.0.1", port());
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.phases.dns, Phases::kNone);
    EXPECT_GE(outcome.phases.connect, 0us);
    EXPECT_EQ(outcome.phases.first_byte, Phases::kNone);
    EXPECT_EQ(outcome.http_status, 0);
}

TEST_F(TcpProbing, EndsTheConnectionInGoodOrder) {
    EXPECT_EQ(probe("127.0.0.1", port()).verdict, Verdict::passed);
    auto peer = acceptor.accept();
    char byte = 0;
    boost::system::error_code error;
    EXPECT_EQ(peer.read_some(boost::asio::buffer(&byte, 1), error), 0U);
    EXPECT_EQ(error, boost::asio::error::eof);
}

TEST_F(TcpProbing, TriesBothAddressesOfLocalhost) {
    EXPECT_EQ(probe("localhost", port()).verdict, Verdict::passed);
    ip::tcp::acceptor v6(loop.context(), {ip::address_v6::loopback(), 0});
    EXPECT_EQ(probe("localhost", v6.local_endpoint().port()).verdict, Verdict::passed);
}

TEST_F(TcpProbing, FailsWhatRefuses) {
    auto const refusing = port();
    acceptor.close();
    auto const outcome = probe("127.0.0.1", refusing);
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "connection refused");
    EXPECT_EQ(probe("localhost", refusing).error, "connection refused");
    EXPECT_EQ(probe("::1", refusing).error, "connection refused");
}

/// Where nothing listens, a connection to a port of our own range can meet itself.
TEST_F(TcpProbing, IsNotDeceivedByAConnectionToItself) {
    // Ports that connect() prefers have the parity of the range's first.
    auto refusing = std::make_unique<ip::tcp::acceptor>(loop.context());
    std::uint16_t even = 0;
    for (std::uint16_t candidate = 40'000; even == 0; candidate += 2) {
        boost::system::error_code error;
        refusing->open(ip::tcp::v4());
        refusing->bind({ip::address_v4::loopback(), candidate}, error);
        refusing->close();
        even = error ? 0 : candidate;
    }
    auto const one = prepare("127.0.0.1", even);
    for (int attempt = 0; attempt < 15'000; ++attempt) {
        ASSERT_EQ(run(*one).error, "connection refused") << attempt;
    }
}

TEST_F(TcpProbing, ResolvesNamesBySystemMeans) {
    auto const outcome = probe(ip::host_name(), port());
    EXPECT_GE(outcome.phases.dns, 0us);
}

TEST_F(TcpProbing, AskersOfOneNameAreToldEachUnlessTheyHaveGone) {
    int told = 0;
    auto const count_answer = [&told](auto const& /*answer*/) { ++told; };
    auto const first = resolver.resolve(ip::host_name(), count_answer);
    auto second = resolver.resolve(ip::host_name(), count_answer);
    auto const third = resolver.resolve(ip::host_name(), count_answer);
    EXPECT_EQ(told, 0);
    second.reset();
    while (told < 2) {
        loop.context().run_one();
    }
    loop.context().run_for(20ms);
    EXPECT_EQ(told, 2);
}

TEST_F(TcpProbing, EndsAtTheDeadline) {
    ip::tcp::acceptor full(loop.context());
    full.open(ip::tcp::v4());
    full.bind({ip::address_v4::loopback(), 0});
    full.listen(0);
    std::vector<std::unique_ptr<ip::tcp::socket>> waiting;
    for (int index = 0; index < 4; ++index) {
        waiting.push_back(std::make_unique<ip::tcp::socket>(loop.context()));
        waiting.back()->async_connect(full.local_endpoint(), [](auto const&) {});
    }
    loop.context().run_for(20ms);
    auto const outcome = probe("127.0.0.1", full.local_endpoint().port(), 100ms);
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "timed out after 100 ms");
    EXPECT_EQ(outcome.note, "while connecting");
    EXPECT_GE(outcome.response_time, 100ms);
    EXPECT_LT(outcome.response_time, 200ms);
}

TEST_F(TcpProbing, HavingNoDescriptorsIsOurOwnFailure) {
    if (testing::kObjectsTakeDescriptors) {
        GTEST_SKIP() << "the sanitizer takes descriptors of its own";
    }
    auto const one = prepare("127.0.0.1", port());
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit const none{1, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    auto const outcome = run(*one);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(outcome.verdict, Verdict::not_counted);
    EXPECT_EQ(outcome.error, "this machine has no descriptors left (not counted)");
}

TEST_F(TcpProbing, TellsNobodyOnceCancelledOrDestroyed) {
    auto cancelled = prepare("127.0.0.1", port());
    cancelled->start({.timeout = 10s}, *this, 3);
    cancelled->cancel();
    auto destroyed = prepare("127.0.0.1", port());
    destroyed->start({.timeout = 10s}, *this, 3);
    destroyed.reset();
    loop.context().run_for(20ms);
    EXPECT_EQ(count, 0U);
    EXPECT_EQ(run(*cancelled).verdict, Verdict::passed);
}

TEST_F(TcpProbing, TheObserverMayDestroyTheProbe) {
    auto one = prepare("127.0.0.1", port());
    then = [&one] { one.reset(); };
    one->start({.timeout = 10s}, *this, 3);
    while (count == 0) {
        loop.context().run_one();
    }
    EXPECT_EQ(one, nullptr);
}

TEST_F(TcpProbing, RefusesSpecsItCannotUse) {
    auto const http = tcp.prepare(HttpProbeSpec{parse_url("http://a/").value()}, false);
    ASSERT_FALSE(http.has_value());
    EXPECT_EQ(http.error().code, Errc::unsupported);
    auto const no_port = tcp.prepare(TcpProbeSpec{HostPort{"a", 0}}, false);
    ASSERT_FALSE(no_port.has_value());
    EXPECT_EQ(no_port.error().code, Errc::invalid);
    auto const other = tcp.prepare(TcpProbeSpec{HostPort{"127.0.0.1", 1}, IpFamily::v6}, false);
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().message, "127.0.0.1 is no IPv6 address");
}

TEST_F(TcpProbing, KeepsToTheFamilyAskedFor) {
    auto const by_four =
        tcp.prepare(TcpProbeSpec{HostPort{"localhost", port()}, IpFamily::v4}, false).value();
    EXPECT_EQ(run(*by_four).verdict, Verdict::passed);
    auto const by_six =
        tcp.prepare(TcpProbeSpec{HostPort{"localhost", port()}, IpFamily::v6}, false).value();
    EXPECT_NE(run(*by_six).verdict, Verdict::passed) << "the listener has no IPv6 address";
}

}  // namespace
}  // namespace muster
