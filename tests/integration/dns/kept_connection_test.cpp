#include <integration/http/scripted_server.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_prober.hpp>
#include <muster/tcp/tcp_prober.hpp>

#include "dns_test.hpp"

namespace muster {
namespace {

using Way = DnsScript::Way;

constexpr char const* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Probes of a host that is known by name.
struct ProbingByName : DnsTest, ProbeObserver {
    ProbingByName() {
        make(options());
        client = std::make_unique<HttpClient>(loop, clock, *resolver);
        http = std::make_unique<HttpProber>(*client);
        ServerScript script;
        for (int count = 0; count < 20; ++count) {
            script.push_back(step::read_request());
            script.push_back(step::send(kOk));
        }
        script.push_back(step::stay());
        target.then(script);
        server.set("shop.example", {.v4 = {"127.0.0.1"}, .ttl = 10});
    }
    ~ProbingByName() override {
        probe.reset();
        http.reset();
        client.reset();
    }
    ProbingByName(ProbingByName const&) = delete;
    ProbingByName& operator=(ProbingByName const&) = delete;

    void probed(std::uint64_t /*token*/, Outcome outcome) override { last = std::move(outcome); }

    void prepare(IpFamily ip = IpFamily::any) {
        HttpProbeSpec spec;
        spec.url = parse_url("http://shop.example:" + std::to_string(target.port()) + "/").value();
        spec.ip = ip;
        probe = http->prepare(spec, true).value();
    }

    Outcome run() {
        last.reset();
        probe->start({.timeout = 5s, .fresh = false}, *this, 1);
        run_until([this] { return last.has_value(); });
        return *last;
    }

    ScriptedServer target{loop.context()};
    std::unique_ptr<HttpClient> client;
    std::unique_ptr<HttpProber> http;
    std::unique_ptr<Probe> probe;
    std::optional<Outcome> last;
};

TEST_F(ProbingByName, KeepsAConnectionWhileItsAddressIsTheNames) {
    prepare();
    auto const first = run();
    EXPECT_EQ(first.error, "");
    EXPECT_EQ(first.connection, ConnectionUse::fresh);
    EXPECT_GE(first.phases.dns, 0us);
    EXPECT_EQ(run().connection, ConnectionUse::reused);
    clock.by += 11s;  // asked again behind the probe's back, with the same answer
    EXPECT_EQ(run().connection, ConnectionUse::reused);
    run_until([this] { return server.asked("shop.example") == 4; });
    loop.context().run_for(10ms);
    EXPECT_EQ(run().connection, ConnectionUse::reused);
    EXPECT_EQ(target.accepted(), 1U);
}

TEST_F(ProbingByName, LeavesAConnectionWhoseAddressIsNoLongerTheNames) {
    prepare();
    EXPECT_EQ(run().connection, ConnectionUse::fresh);
    server.set("shop.example", {.v4 = {"127.0.0.2"}, .ttl = 60});
    clock.by += 11s;
    EXPECT_EQ(run().connection, ConnectionUse::reused) << "the new answer is not here yet";
    run_until([this] { return server.asked("shop.example") == 4; });
    loop.context().run_for(10ms);
    auto const moved = run();
    EXPECT_EQ(moved.error, "connection refused");
    EXPECT_EQ(moved.connection, ConnectionUse::fresh);
}

TEST_F(ProbingByName, KeepsConnectionsWhileNoServerAnswers) {
    prepare();
    EXPECT_EQ(run().connection, ConnectionUse::fresh);
    server.set("shop.example", {.way = Way::fail});
    for (int round = 0; round < 3; ++round) {
        clock.by += 11s;
        EXPECT_EQ(run().connection, ConnectionUse::reused);
        loop.context().run_for(20ms);
    }
}

TEST_F(ProbingByName, TellsThatAnAnswerIsStale) {
    prepare();
    EXPECT_EQ(run().error, "");
    server.set("shop.example", {.way = Way::fail});
    clock.by += 42s;
    last.reset();
    probe->start({.timeout = 5s, .fresh = true}, *this, 1);
    run_until([this] { return last.has_value(); });
    EXPECT_EQ(last->verdict, Verdict::passed);
    EXPECT_EQ(last->note, "name from a stale answer, 42 s old");
    TcpProber tcp(loop, clock, *resolver);
    auto const accepting =
        tcp.prepare(TcpProbeSpec{HostPort{"shop.example", target.port()}}, false).value();
    last.reset();
    accepting->start({.timeout = 5s}, *this, 1);
    run_until([this] { return last.has_value(); });
    EXPECT_EQ(last->verdict, Verdict::passed);
    EXPECT_EQ(last->note, "name from a stale answer, 42 s old");
}

TEST_F(ProbingByName, TriesAddressesOfTheFamilyThatIsWantedOnly) {
    prepare(IpFamily::v6);
    auto const none = run();
    EXPECT_EQ(none.error, "shop.example has no IPv6 address");
    EXPECT_EQ(none.verdict, Verdict::failed);
    prepare(IpFamily::v4);
    EXPECT_EQ(run().error, "");
}

TEST_F(ProbingByName, DoesNotBlameTheTargetForAFamilyThatTheServersDoNotTell) {
    for (auto const way : {Way::silence, Way::fail}) {
        server.set("shop.example", {.v4 = {"127.0.0.1"}, .ttl = 3600, .way_of_v6 = way});
        clock.by += 11s;
        prepare(IpFamily::v6);
        auto const open = run();
        EXPECT_EQ(open.error,
                  "the name servers of this machine do not tell IPv6 addresses of shop.example "
                  "(not counted)");
        EXPECT_EQ(open.verdict, Verdict::not_counted);
        EXPECT_EQ(open.own_fault, OwnFault::resolver);
        prepare(IpFamily::v4);
        EXPECT_EQ(run().error, "");
    }
    // The other answer has come: now it is the target's.
    server.set("shop.example", {.v4 = {"127.0.0.1"}});
    clock.by += 1s;
    prepare(IpFamily::v6);
    EXPECT_EQ(run().error, "shop.example has no IPv6 address");
}

}  // namespace
}  // namespace muster
