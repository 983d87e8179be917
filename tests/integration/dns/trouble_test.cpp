#include "dns_test.hpp"

namespace muster {
namespace {

using Way = DnsScript::Way;

/// Name servers that do not do what they should.
class DnsTrouble : public DnsTest {
public:
    static void expect_ours(Answer const& answer, std::string const& host) {
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().text,
                  "the name servers of this machine do not answer for " + host + " (not counted)");
        EXPECT_EQ(verdict_of(answer.error()), Verdict::not_counted);
    }
};

TEST_F(DnsTrouble, IsOurOwnFailure) {
    for (auto const way :
         {Way::silence, Way::fail, Way::refuse, Way::garbage, Way::broken, Way::other_name}) {
        auto const host = "w" + std::to_string(static_cast<int>(way)) + ".example";
        server.set(host, {.way = way});
        expect_ours(ask(host), host);
    }
}

TEST_F(DnsTrouble, OfAServerThatIsNotThereIsOurs) {
    auto nowhere = options();
    {
        DnsServer const gone(loop.context());
        nowhere.servers = gone.address();
    }
    make(nowhere);
    expect_ours(ask("a.example"), "a.example");
}

TEST_F(DnsTrouble, OfOneServerIsMadeGoodByTheNext) {
    auto two = options();
    {
        DnsServer const gone(loop.context());
        two.servers = gone.address() + "," + server.address();
    }
    make(two);
    server.set("a.example", {.v4 = {"127.0.0.1"}});
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1");
}

TEST_F(DnsTrouble, EndsAtTheDeadline) {
    auto patient = options();
    patient.try_timeout = 10s;
    patient.deadline = 100ms;
    make(patient);
    server.set("a.example", {.way = Way::silence});
    auto const before = clock.now().steady;
    expect_ours(ask("a.example"), "a.example");
    auto const took = clock.now().steady - before;
    EXPECT_GE(took, 100ms);
    EXPECT_LT(took, 300ms);
}

TEST_F(DnsTrouble, IsBridgedByTheLastAnswer) {
    server.set("a.example", {.v4 = {"127.0.0.1"}, .ttl = 10});
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1");
    clock.by += 42s;
    for (auto const way : {Way::silence, Way::fail}) {
        server.set("a.example", {.way = way});
        auto const before = clock.now().steady;
        auto const bridged = ask("a.example");
        EXPECT_EQ(text_of(bridged), "127.0.0.1");
        ASSERT_TRUE(bridged->stale_age.has_value());
        EXPECT_GE(*bridged->stale_age, 42s);
        EXPECT_LT(*bridged->stale_age, 53s);
        EXPECT_LT(clock.now().steady - before, 150ms) << "asks no longer than it must";
        loop.context().run_for(200ms);  // until nothing is asked any more
        clock.by += 5s;
    }
    server.set("a.example", {.v4 = {"127.0.0.2"}});
    auto const healed = ask("a.example");
    EXPECT_EQ(text_of(healed), "127.0.0.2");
    EXPECT_FALSE(healed->stale_age.has_value());
}

TEST_F(DnsTrouble, IsNotBridgedForEver) {
    server.set("a.example", {.v4 = {"127.0.0.1"}, .ttl = 10});
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1");
    server.set("a.example", {.way = Way::fail});
    clock.by += 25h;
    expect_ours(ask("a.example"), "a.example");
}

TEST_F(DnsTrouble, IsNotAskedForAgainAtOnce) {
    server.set("a.example", {.way = Way::fail});
    expect_ours(ask("a.example"), "a.example");
    auto const asked = server.asked("a.example");
    expect_ours(ask("a.example"), "a.example");
    EXPECT_EQ(server.asked("a.example"), asked);
    clock.by += 3s;
    server.set("a.example", {.v4 = {"127.0.0.1"}});
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1");
}

/// A name that is gone is gone: no old answer for it.
TEST_F(DnsTrouble, IsNotANameThatIsGone) {
    server.set("a.example", {.v4 = {"127.0.0.1"}, .ttl = 10});
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1");
    server.set("a.example", {.way = Way::no_name});
    clock.by += 11s;
    EXPECT_EQ(text_of(ask("a.example")), "name not found: a.example");
}

TEST_F(DnsTrouble, WithOneFamilyDelaysTheOtherOnlyALittle) {
    server.set("a.example", {.v4 = {"127.0.0.1"}, .way_of_v6 = Way::silence});
    auto const before = clock.now().steady;
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1");
    EXPECT_LT(clock.now().steady - before, 150ms);
    server.set("b.example", {.v4 = {"127.0.0.1"}, .way_of_v6 = Way::fail});
    EXPECT_EQ(text_of(ask("b.example")), "127.0.0.1");
    // No address of one family, no word about the other: not known.
    server.set("c.example", {.way_of_v6 = Way::fail});
    expect_ours(ask("c.example"), "c.example");
}

TEST_F(DnsTrouble, WithOneFamilyLeavesTheOtherOpenAndIsAskedAboutSoon) {
    namespace ip = boost::asio::ip;
    for (auto const way : {Way::silence, Way::fail, Way::refuse}) {
        auto const host = "w" + std::to_string(static_cast<int>(way)) + ".example";
        server.set(host, {.v4 = {"127.0.0.1"}, .ttl = 3600, .way_of_v6 = way});
        auto const part = ask(host);
        EXPECT_EQ(text_of(part), "127.0.0.1");
        EXPECT_TRUE(part->partial);
        EXPECT_TRUE(ask(host)->partial) << "from what was kept";
        EXPECT_TRUE(resolver->still_at(host, ip::make_address("::1"))) << "nobody says otherwise";
        EXPECT_FALSE(resolver->still_at(host, ip::make_address("127.0.0.2")));
        server.set(host, {.v4 = {"127.0.0.1"}, .v6 = {"::1"}, .ttl = 3600});
        clock.by += 1s;
        auto const whole = ask(host);
        EXPECT_EQ(text_of(whole), "127.0.0.1 ::1");
        EXPECT_FALSE(whole->partial);
    }
    server.set("four.example", {.v4 = {"127.0.0.1"}, .ttl = 3600});
    EXPECT_FALSE(ask("four.example")->partial);
    EXPECT_FALSE(resolver->still_at("four.example", ip::make_address("::1")));
}

TEST_F(DnsTrouble, OfWhoAsksForAnEndEndsIt) {
    server.set("a.example", {.way = Way::silence});
    make(options());
    bool told = false;
    auto query = resolver->resolve("a.example", [&told](auto const&) { told = true; });
    loop.context().run_for(20ms);
    resolver.reset();
    loop.context().run_for(100ms);
    EXPECT_FALSE(told);
    query.reset();  // may outlive the resolver
}

TEST_F(DnsTrouble, LeavesTheLoopNothingToWaitForOnceDestroyed) {
    Loop own_loop;
    auto own = std::make_unique<DnsResolver>(own_loop, clock, options());
    auto const query = own->resolve("silent.example", [](auto const&) {});
    own_loop.context().run_for(20ms);
    own.reset();
    own_loop.finish();
    own_loop.run();
}

TEST_F(DnsTrouble, MayBeEndedByWhoIsTold) {
    server.set("a.example", {.v4 = {"127.0.0.1"}});
    make(options());
    int told = 0;
    auto const end = [this, &told](auto const&) {
        ++told;
        resolver.reset();
    };
    auto const first = resolver->resolve("a.example", end);
    auto const second = resolver->resolve("a.example", end);
    run_until([&told] { return told == 1; });
    loop.context().run_for(50ms);
    EXPECT_EQ(told, 1);
}

TEST_F(DnsTrouble, EndsWhenTheMachineIsToldOtherServers) {
    DnsServer silent(loop.context(), "127.0.0.2", server.port());
    silent.set("a.example", {.way = Way::silence});
    server.set("a.example", {.v4 = {"127.0.0.1"}});
    server.set("b.example", {.v4 = {"127.0.0.2"}});
    auto by_file = options();
    by_file.servers.clear();
    by_file.port = server.port();
    by_file.try_timeout = 10s;
    by_file.deadline = 10s;
    write("resolv.conf", "nameserver 127.0.0.2\n");
    make(by_file);
    std::string told;
    auto const query =
        resolver->resolve("a.example", [&told](Answer const& answer) { told = text_of(answer); });
    run_until([&silent] { return silent.asked("a.example") == 2; });
    write("resolv.conf", "nameserver 127.0.0.1\noptions ndots:1\n");
    clock.by += 2s;
    // Looked at when somebody asks; what was under way is asked of the new servers too.
    EXPECT_EQ(text_of(ask("b.example")), "127.0.0.2");
    run_until([&told] { return !told.empty(); });
    EXPECT_EQ(told, "127.0.0.1");
}

}  // namespace
}  // namespace muster
