#include "dns_test.hpp"

namespace muster {
namespace {

using DnsAnswers = DnsTest;

TEST_F(DnsAnswers, GiveTheAddressesOfBothFamilies) {
    server.set("both.example", {.v4 = {"127.0.0.1", "127.0.0.2"}, .v6 = {"::1"}});
    server.set("four.example", {.v4 = {"127.0.0.4"}});
    server.set("six.example", {.v6 = {"::1"}});
    EXPECT_EQ(text_of(ask("both.example")), "127.0.0.1 127.0.0.2 ::1");
    EXPECT_EQ(text_of(ask("four.example")), "127.0.0.4");
    EXPECT_EQ(text_of(ask("six.example")), "::1");
}

TEST_F(DnsAnswers, HoldAsLongAsTheirTtl) {
    server.set("a.example", {.v4 = {"127.0.0.1"}, .v6 = {"::1"}, .ttl = 60});
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1 ::1");
    server.set("a.example", {.v4 = {"127.0.0.9"}, .ttl = 60});
    clock.by += 59s;
    auto const kept = ask("a.example");
    EXPECT_EQ(text_of(kept), "127.0.0.1 ::1");
    EXPECT_FALSE(kept->stale_age.has_value());
    EXPECT_EQ(server.asked("a.example"), 2U);
    clock.by += 2s;
    auto const renewed = ask("a.example");
    EXPECT_EQ(text_of(renewed), "127.0.0.9");
    EXPECT_FALSE(renewed->stale_age.has_value());
    EXPECT_EQ(server.asked("a.example"), 4U);
}

TEST_F(DnsAnswers, HoldForASaneTimeWhateverTheirTtl) {
    auto bounded = options();
    bounded.min_ttl = 10s;
    bounded.max_ttl = 20s;
    make(bounded);
    server.set("short.example", {.v4 = {"127.0.0.1"}, .ttl = 0});
    server.set("long.example", {.v4 = {"127.0.0.1"}, .ttl = 0x7fffffff});
    EXPECT_EQ(text_of(ask("short.example")), "127.0.0.1");
    EXPECT_EQ(text_of(ask("long.example")), "127.0.0.1");
    clock.by += 9s;
    EXPECT_EQ(text_of(ask("short.example")), "127.0.0.1");
    EXPECT_EQ(server.asked("short.example"), 2U);
    clock.by += 2s;
    EXPECT_EQ(text_of(ask("short.example")), "127.0.0.1");
    EXPECT_EQ(server.asked("short.example"), 4U);
    EXPECT_EQ(text_of(ask("long.example")), "127.0.0.1");
    EXPECT_EQ(server.asked("long.example"), 2U);
    clock.by += 10s;
    EXPECT_EQ(text_of(ask("long.example")), "127.0.0.1");
    EXPECT_EQ(server.asked("long.example"), 4U);
}

TEST_F(DnsAnswers, TellANameThatDoesNotExistFromOneWithoutAddresses) {
    server.set("empty.example", {});
    auto const missing = ask("nowhere.example");
    EXPECT_EQ(text_of(missing), "name not found: nowhere.example");
    EXPECT_EQ(verdict_of(missing.error()), Verdict::failed);
    auto const empty = ask("empty.example");
    EXPECT_EQ(text_of(empty), "name has no address: empty.example");
    EXPECT_EQ(verdict_of(empty.error()), Verdict::failed);
}

TEST_F(DnsAnswers, ThatANameDoesNotExistHoldForALittleOnly) {
    EXPECT_EQ(text_of(ask("new.example")), "name not found: new.example");
    server.set("new.example", {.v4 = {"127.0.0.1"}});
    clock.by += 4s;
    EXPECT_EQ(text_of(ask("new.example")), "name not found: new.example");
    clock.by += 2s;
    EXPECT_EQ(text_of(ask("new.example")), "127.0.0.1");
}

TEST_F(DnsAnswers, AreSharedByAllWhoAsk) {
    server.set("a.example", {.v4 = {"127.0.0.1"}, .delay = 20ms});
    make(options());
    int told = 0;
    auto const count_answer = [&told](Answer const& answer) {
        EXPECT_EQ(text_of(answer), "127.0.0.1");
        ++told;
    };
    auto const first = resolver->resolve("a.example", count_answer);
    auto gone = resolver->resolve("a.example", count_answer);
    auto const third = resolver->resolve("a.example", count_answer);
    gone.reset();
    run_until([&told] { return told == 2; });
    loop.context().run_for(30ms);
    EXPECT_EQ(told, 2);
    EXPECT_EQ(server.asked("a.example"), 2U);  // A and AAAA
}

TEST_F(DnsAnswers, FromTheHostsFileGoFirst) {
    server.set("a.example", {.v4 = {"127.0.0.1"}});
    write("hosts", "127.0.0.7 a.example\n::7 a.example b\n");
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.7 ::7");
    EXPECT_EQ(text_of(ask("b")), "::7");
    EXPECT_EQ(server.asked("a.example"), 0U);
    write("hosts", "127.0.0.8 b # a changed file is read again\n");
    clock.by += 2s;
    EXPECT_EQ(text_of(ask("b")), "127.0.0.8");
    EXPECT_EQ(text_of(ask("a.example")), "127.0.0.1");
}

TEST_F(DnsAnswers, ComeFromTheDomainsOfTheSearchListToo) {
    write("resolv.conf", "nameserver 192.0.2.1\nsearch first.example second.example\n");
    server.set("db.second.example", {.v4 = {"127.0.0.1"}});
    EXPECT_EQ(text_of(ask("db")), "127.0.0.1");
}

TEST_F(DnsAnswers, TooLongForUdpComeOverTcp) {
    std::vector<std::string> many;
    for (int index = 1; index <= 30; ++index) {
        many.push_back("127.0.1." + std::to_string(index));
    }
    server.set("many.example",
               {.way = DnsScript::Way::truncate, .v4 = many, .way_of_v6 = DnsScript::Way::answer});
    EXPECT_EQ(ask("many.example")->addresses.size(), 30U);
    EXPECT_EQ(server.asked_over_tcp(), 1U);
}

TEST_F(DnsAnswers, AreKeptForABoundedNumberOfNames) {
    auto few = options();
    few.max_names = 10;
    make(few);
    server.otherwise([](auto const&) { return DnsScript{.v4 = {"127.0.0.1"}, .ttl = 3600}; });
    for (int index = 0; index < 30; ++index) {
        EXPECT_EQ(text_of(ask("first.example")), "127.0.0.1");
        EXPECT_EQ(text_of(ask("n" + std::to_string(index) + ".example")), "127.0.0.1");
        EXPECT_LE(resolver->names_known(), 10U);
    }
    // The one in use was kept all the time, another one was not.
    EXPECT_EQ(server.asked("first.example"), 2U);
    EXPECT_EQ(text_of(ask("n0.example")), "127.0.0.1");
    EXPECT_EQ(server.asked("n0.example"), 4U);
}

TEST_F(DnsAnswers, AreForgottenOneByOneWhereNoneAreToBeKept) {
    auto none = options();
    none.max_names = 0;
    make(none);
    for (auto const* host : {"a.example", "b.example", "a.example"}) {
        server.set(host, {.v4 = {"127.0.0.1"}, .ttl = 3600});
        EXPECT_EQ(text_of(ask(host)), "127.0.0.1");
        EXPECT_EQ(resolver->names_known(), 1U);
    }
    EXPECT_EQ(server.asked("a.example"), 4U);
}

}  // namespace
}  // namespace muster
