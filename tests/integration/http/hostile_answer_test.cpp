// Whatever comes back, the verdict is the right one and says why in plain words.

#include <string>
#include <vector>

#include <muster/base/utf8.hpp>

#include "hostile_answers.hpp"
#include "probing_test.hpp"

namespace muster {
namespace {

using namespace std::string_literals;
using step::close;
using step::half_close;
using step::read_request;
using step::reset;
using step::send;
using step::stay;

struct Hostile {
    std::string what;
    ServerScript script;
    std::string error{};  ///< Empty: it passes.
    std::uint16_t status{200};
    std::string note{};
};

std::string ok(std::string const& headers, std::string const& body = "") {
    return kOkLine + headers + "\r\n" + body;
}

std::string json(std::string const& body) {
    return ok(
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
        body);
}

struct HostileAnswer : ProbingTest {
    /// By one fresh probe each; afterwards nothing is left of it.
    void expect_all(std::vector<Hostile> const& all) {
        for (auto const& hostile : all) {
            ScriptedServer own(loop.context());
            own.then(hostile.script);
            auto const outcome = probe(own.url());
            EXPECT_EQ(outcome.verdict, hostile.error.empty() ? Verdict::passed : Verdict::failed)
                << hostile.what;
            EXPECT_EQ(outcome.error, hostile.error) << hostile.what;
            EXPECT_EQ(outcome.http_status, hostile.status) << hostile.what;
            EXPECT_EQ(outcome.note, hostile.note) << hostile.what;
            expect_storable(outcome.error);
            expect_storable(outcome.note);
            run_until([&] { return own.ended() == 1; });
            EXPECT_EQ(own.accepted(), 1U) << hostile.what;
        }
    }

    static void expect_storable(std::string const& text) {
        EXPECT_TRUE(is_valid_utf8(text)) << text;
        EXPECT_EQ(text.find('\0'), std::string::npos) << text;
        EXPECT_LE(text.size(), 200U);
    }
};

TEST_F(HostileAnswer, WrongLengths) {
    expect_all({
        {"more than it says",
         {read_request(), send(ok("Content-Length: 2\r\n", "okok")), stay()},
         ""},
        {"less than it says",
         {read_request(), send(ok("Content-Length: 10\r\n", "ok")), close()},
         "connection closed after 41 bytes"},
        {"negative",
         {read_request(), send(ok("Content-Length: -2\r\n", "ok")), stay()},
         "malformed answer: its Content-Length is not a number",
         0},
        {"hexadecimal",
         {read_request(), send(ok("Content-Length: 0x2\r\n", "ok")), stay()},
         "malformed answer: its Content-Length is not a number",
         0},
        {"with a NUL",
         {read_request(), send(ok("Content-Length: 2\0\r\n"s, "ok")), stay()},
         "malformed answer: its Content-Length is not a number",
         0},
        {"empty",
         {read_request(), send(ok("Content-Length:\r\n", "ok")), stay()},
         "malformed answer: its Content-Length is empty",
         0},
        {"beyond 64 bits",
         {read_request(), send(ok("Content-Length: 99999999999999999999\r\n", "ok")), stay()},
         "malformed answer: its Content-Length is too large",
         0},
        {"the largest, then closed",
         {read_request(), send(ok("Content-Length: 18446744073709551615\r\n", "ok")), close()},
         "connection closed after 59 bytes"},
        {"twice, equal",
         {read_request(), send(ok("Content-Length: 2\r\nContent-Length: 2\r\n", "ok")), stay()},
         ""},
        {"twice, different",
         {read_request(), send(ok("Content-Length: 2\r\nContent-Length: 3\r\n", "ok")), stay()},
         "malformed answer: it has two different Content-Lengths",
         0},
        {"beside chunks",
         {read_request(),
          send(ok("Content-Length: 99\r\nTransfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n")),
          stay()},
         ""},
    });
}

TEST_F(HostileAnswer, BadChunks) {
    auto const chunked = [](std::string const& body) {
        return ServerScript{read_request(), send(kChunkedHead + body), stay()};
    };
    auto const not_a_number = "malformed answer: a chunk's size is not a number"s;
    expect_all({
        {"trailers", chunked("2\r\nok\r\n0\r\nX: 1\r\nY: 2\r\n\r\n"), ""},
        {"extensions", chunked("2;name=\"va;lue\"\r\nok\r\n0\r\n\r\n"), ""},
        {"no size", chunked("\r\nok\r\n"), not_a_number, 0},
        {"a word", chunked("two\r\nok\r\n"), not_a_number, 0},
        {"negative", chunked("-2\r\nok\r\n"), not_a_number, 0},
        {"a prefix", chunked("0x2\r\nok\r\n"), not_a_number, 0},
        {"a NUL", chunked("2\0\r\nok\r\n"s), not_a_number, 0},
        {"beyond 64 bits", chunked("1ffffffffffffffff\r\nok"),
         "malformed answer: a chunk's size is too large", 0},
        {"too much", chunked("2\r\nokok\r\n0\r\n\r\n"),
         "malformed answer: a chunk is longer than it says", 0},
        {"closed within one",
         {read_request(), send(kChunkedHead + "5\r\nok"), close()},
         "connection closed after 52 bytes"},
        {"closed before the last",
         {read_request(), send(kChunkedHead + "2\r\nok\r\n"), close()},
         "connection closed after 54 bytes"},
        {"reset within a huge one",
         {read_request(), send(kChunkedHead + "ffffffffffffffff\r\nok"), reset()},
         "connection reset after 67 bytes"},
    });
}

TEST_F(HostileAnswer, WhatIsNotHttp) {
    expect_all({
        {"binary", {send("\0\1\2\xff\xfe"s), stay()}, "not HTTP: \uFFFD  \uFFFD\uFFFD", 0},
        {"Latin-1", {send("d\xe9sol\xe9\r\n"), stay()}, "not HTTP: d\uFFFDsol\uFFFD", 0},
        {"escapes", {send("\x1b[31mred\x1b[0m\n"), stay()}, "not HTTP:  [31mred [0m", 0},
        {"a page alone", {read_request(), send("<html>\n"), close()}, "not HTTP: <html>", 0},
        {"an empty line",
         {read_request(), send("\r\n" + ok("")), stay()},
         "not HTTP: it begins with an empty line",
         0},
        {"another protocol", {send("ICY 200 OK\r\n"), stay()}, "not HTTP: ICY 200 OK", 0},
        {"a word for a status",
         {read_request(), send("HTTP/1.1 OK\r\n"), stay()},
         "not HTTP: HTTP/1.1 OK",
         0},
        {"TLS", {send("\x15\x03\x03\0\2\2\x28"s), close()}, "not HTTP: it speaks TLS", 0},
        {"HTTP/2",
         {send("\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x64"s), stay()},
         "not HTTP/1.1: it speaks HTTP/2 only",
         0},
    });
}

TEST_F(HostileAnswer, OddHeadsAreReadWhereTheirMeaningIsClear) {
    expect_all({
        {"a status of its own",
         {read_request(), send("HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"), stay()},
         "HTTP error: 999",
         999},
        {"a reason that is not UTF-8",
         {read_request(), send("HTTP/1.1 503 \xff\0\xfe\r\nContent-Length: 0\r\n\r\n"s), stay()},
         "HTTP error: 503",
         503},
        {"NULs and bytes in a header nobody needs",
         {read_request(), send(ok("X-\0: \0\xff\r\nContent-Length: 2\r\n"s, "ok")), stay()},
         ""},
        {"many interim answers",
         {read_request(), send(many("HTTP/1.1 102 Processing\r\n\r\n", 60'000) + std::string(kOk)),
          stay()},
         ""},
        {"an upgrade nobody asked for",
         {read_request(), send("HTTP/1.1 101 Switching\r\n\r\n\x81\x05hello"), stay()},
         "HTTP error: 101",
         101},
        {"no colon",
         {read_request(), send(ok("what is this\r\n")), stay()},
         "malformed answer: it has a header line without a colon",
         0},
        {"no name",
         {read_request(), send(ok(": value\r\n")), stay()},
         "malformed answer: it has a header without a name",
         0},
        {"a folded length",
         {read_request(), send(ok("Content-Length: 1\r\n 2\r\n")), stay()},
         "malformed answer: a header that matters is folded",
         0},
    });
}

TEST_F(HostileAnswer, Endings) {
    expect_all({
        {"reset at once", {reset()}, "connection reset after 0 bytes", 0},
        {"reset instead of an answer",
         {read_request(), reset()},
         "connection reset after 0 bytes",
         0},
        {"reset within the headers",
         {read_request(), send(kOkLine + "X: y"), reset()},
         "connection reset after 21 bytes",
         0},
        {"reset within the body",
         {read_request(), send(ok("Content-Length: 9\r\n", "half")), reset()},
         "connection reset after 42 bytes"},
        {"reset where the close should say that it is whole",
         {read_request(), send("HTTP/1.0 200 OK\r\n\r\nhalf"), reset()},
         "connection reset after 23 bytes"},
        {"half closed at once", {half_close(), stay()}, "connection closed after 0 bytes", 0},
        {"half closed instead of an answer",
         {read_request(), half_close(), stay()},
         "connection closed after 0 bytes",
         0},
        {"half closed within the headers",
         {read_request(), send(kOkLine), half_close(), stay()},
         "connection closed after 17 bytes",
         0},
        {"half closed behind an answer without a length",
         {read_request(), send("HTTP/1.0 200 OK\r\n\r\nall"), half_close(), stay()},
         ""},
        {"closed behind an answer without a length and a body",
         {read_request(), send("HTTP/1.0 200 OK\r\n\r\n"), close()},
         ""},
    });
}

TEST_F(HostileAnswer, BodiesThatHaveNoSay) {
    auto const unreadable = "body is not readable JSON"s;
    auto const body = [](std::string const& text) {
        return ServerScript{read_request(), send(json(text)), stay()};
    };
    expect_all({
        {"60,000 levels", body(many("[", 60'000)), "", 200, "body is nested too deep to read"},
        {"60,000 levels of a status", body("{\"status\":" + many("{\"a\":", 60'000)), "", 200,
         "body is nested too deep to read"},
        {"100,000 levels", body(std::string(100'000, '[')), "", 200, "body is too long to read"},
        {"a number of 60,000 digits", body("{\"status\":" + std::string(60'000, '9') + "}"), "",
         200, unreadable},
        {"a number out of range", body("{\"status\":1e999999}"), "", 200, unreadable},
        {"a text of 60,000 characters", body("{\"status\":\"" + std::string(60'000, 'x') + "\"}"),
         ""},
        {"not UTF-8", body("{\"status\":\"down\xff\"}"), "", 200, unreadable},
        {"half a surrogate", body("{\"status\":\"\\ud800\"}"), "", 200, unreadable},
        {"zeros", body(std::string(1'000, '\0')), "", 200, unreadable},
        {"cut", body("{\"status\":\"down\""), "", 200, unreadable},
    });
}

/// Also where the bytes before would be fine, the flood ends the probe and not the hub.
TEST_F(HostileAnswer, FloodsEndByTheirBounds) {
    auto const headers = "the answer's headers are longer than 64 KiB"s;
    std::vector<std::string> const errors{
        "not HTTP: \uFFFDgarbage\uFFFD\uFFFDgarbage\uFFFD\uFFFDgarbage\uFFFD\uFFFDgarbage\uFFFD"
        "\uFFFDgarba",
        "not HTTP: " +
            [] {
                std::string all;
                for (int count = 0; count < 20; ++count) {
                    all += "\uFFFD";
                }
                return all;
            }(),
        "not HTTP: it begins with an empty line",
        headers,
        headers,
        headers,
        "the interim answers (1xx) are longer than 64 KiB",
        "",
        "",
        "",
        "",
        "malformed answer: a chunk's first line is longer than 64 KiB",
        "the answer's trailers are longer than 64 KiB"};
    auto const all = floods();
    ASSERT_EQ(all.size(), errors.size());
    for (std::size_t index = 0; index < all.size(); ++index) {
        ScriptedServer own(loop.context());
        own.then(all[index].script);
        auto const outcome = probe(own.url(), 30s);
        EXPECT_EQ(outcome.error, errors[index]) << all[index].name;
        EXPECT_EQ(outcome.verdict, errors[index].empty() ? Verdict::passed : Verdict::failed);
        expect_storable(outcome.error);
        run_until([&] { return own.ended() == 1; });  // it was told to stop
    }
}

TEST_F(HostileAnswer, StallsEndWithTheDeadline) {
    for (auto& stall : stalls()) {
        ScriptedServer own(loop.context());
        own.then(std::move(stall.script));
        auto const outcome = probe(own.url(), 150ms);
        EXPECT_EQ(outcome.verdict, Verdict::failed) << stall.name;
        EXPECT_EQ(outcome.error, "timed out after 150 ms") << stall.name;
        EXPECT_LT(outcome.response_time, 1s) << stall.name;
        EXPECT_TRUE(outcome.note == "while waiting for the answer" ||
                    outcome.note == "while reading the answer")
            << outcome.note;
        run_until([&] { return own.ended() == 1; });
    }
}

/// Everything of a client goes within one turn of its loop, whatever its probes are at.
TEST(HostileStop, NothingHoldsUpTheEnd) {
    auto all = floods();
    for (auto& stall : stalls()) {
        all.push_back(std::move(stall));
    }
    for (auto& hostile : all) {
        Loop loop;
        SystemClock clock;
        FixedResolver resolver(loop);
        LastOutcome observer;
        auto server = std::make_unique<ScriptedServer>(loop.context());
        server->then(std::move(hostile.script));
        auto client = std::make_unique<HttpClient>(loop, clock, resolver);
        auto prober = std::make_unique<HttpProber>(*client);
        auto probe = prober->prepare(HttpProbeSpec{parse_url(server->url()).value()}, true).value();
        probe->start({.timeout = 30s, .fresh = false}, observer, 1);
        // Wherever it is by then: the floods may have ended it, and it must not have been told
        // twice.
        while (server->accepted() == 0) {
            loop.context().run_one();
        }
        loop.context().poll();
        auto const told = observer.count;

        auto const before = clock.now().steady;
        probe.reset();
        prober.reset();
        client.reset();
        server.reset();
        loop.finish();
        loop.run();  // returns when no wait and no timer is left
        EXPECT_LT(clock.now().steady - before, 1s) << hostile.name;
        EXPECT_EQ(observer.count, told) << hostile.name;
    }
}

}  // namespace
}  // namespace muster
