#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <muster/http/http_inspection.hpp>
#include <muster/http/net_inspector.hpp>
#include <muster/tcp/preferred_address.hpp>

#include "probing_test.hpp"

namespace muster {
namespace {

using boost::asio::ip::make_address;
using step::close;
using step::drip;
using step::read_request;
using step::send;
using step::stay;

struct InspectionTest : ProbingTest {
    Findings inspect(InspectionSpec const& spec, Millis timeout = 10s) {
        std::optional<Findings> found;
        auto const under_way = inspector.inspect(
            spec, timeout, [&found](Findings findings) { found = std::move(findings); });
        EXPECT_FALSE(found.has_value()) << "told inside inspect()";
        run_until([&found] { return found.has_value(); });
        return *found;
    }
    Findings get(std::string const& target, Millis timeout = 10s) {
        return inspect({InspectionModule::http_2xx, target}, timeout);
    }
    Findings connect(std::string const& target, Millis timeout = 10s) {
        return inspect({InspectionModule::tcp_connect, target}, timeout);
    }

    [[nodiscard]] std::string here() const { return "127.0.0.1:" + std::to_string(server.port()); }
    [[nodiscard]] std::string redirect_to(std::string const& place) const {
        return "Location: " + place + "\r\n";
    }

    NetInspector inspector{loop, clock, resolver};
};

TEST_F(InspectionTest, TellsAnAnswer) {
    server.then(one_answer("200 OK", "Last-Modified: Mon, 02 Jan 2006 15:04:05 GMT\r\n", "hello"));
    auto const findings = get(here() + "/x?y");
    EXPECT_TRUE(findings.passed) << findings.error;
    EXPECT_EQ(findings.error, "");
    EXPECT_GT(findings.duration, Micros(0));
    ASSERT_TRUE(findings.lookup);
    EXPECT_EQ(findings.lookup->ip, 4);
    EXPECT_EQ(findings.lookup->address_hash, address_hash(make_address("127.0.0.1")));
    auto const& seen = findings.http.value();
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.minor_version, 1);
    EXPECT_EQ(seen.content_length, 5U);
    EXPECT_EQ(seen.body_length, 5U);
    EXPECT_EQ(seen.redirects, 0U);
    EXPECT_EQ(seen.last_modified, WallTime(Millis(1'136'214'245'000)));
    EXPECT_NE(seen.phases.connect, Phases::kNone);
    EXPECT_NE(seen.phases.transfer, Phases::kNone);
    EXPECT_FALSE(findings.tls);
    auto const& request = server.requests().at(0);
    EXPECT_TRUE(request.starts_with("GET /x?y HTTP/1.1\r\n")) << request;
    EXPECT_NE(request.find("\r\nHost: " + here() + "\r\n"), std::string::npos) << request;
}

TEST_F(InspectionTest, JudgesByTheStatusAlone) {
    server.then(one_answer("200 OK", "Content-Type: application/json\r\n", R"({"status":"down"})"));
    server.then(one_answer("503 Away", {}, "no"));
    EXPECT_TRUE(get(server.url()).passed);
    auto const away = get(server.url());
    EXPECT_FALSE(away.passed);
    EXPECT_EQ(away.http->status, 503);
    EXPECT_EQ(away.error, "HTTP error: 503");
}

TEST_F(InspectionTest, GoesToTheNameByItsPreferredAddress) {
    resolver.set("web.example", Addresses{make_address("127.0.0.9"), make_address("127.0.0.1")});
    auto const port = std::to_string(server.port());
    // Only the first is asked, and nobody is there.
    auto const first = get("http://web.example:" + port + "/");
    EXPECT_FALSE(first.passed);
    EXPECT_EQ(first.lookup->address_hash, address_hash(make_address("127.0.0.9")));
    EXPECT_EQ(first.http->status, 0);
    resolver.set("web.example", Addresses{make_address("127.0.0.1")});
    server.then(one_answer("200 OK"));
    EXPECT_TRUE(get("WEB.example:" + port).passed);
    EXPECT_NE(server.requests().at(0).find("\r\nHost: web.example:" + port + "\r\n"),
              std::string::npos);
    resolver.set("web.example", Addresses{make_address("127.0.0.1"), make_address("::1")});
    EXPECT_EQ(get("web.example:" + port).lookup->ip, 6);
}

TEST_F(InspectionTest, MaySendAnotherHost) {
    server.then(one_answer("200 OK"));
    EXPECT_TRUE(inspect({InspectionModule::http_2xx, here(), "other.example"}).passed);
    EXPECT_NE(server.requests().at(0).find("\r\nHost: other.example\r\n"), std::string::npos);
}

TEST_F(InspectionTest, CountsRedirects) {
    server.then(one_answer("302 Found", redirect_to("/next")));
    server.then(one_answer("301 Moved", redirect_to("http://" + here() + "/last")));
    server.then(one_answer("204 Nothing"));
    auto const findings = get(server.url("/first"));
    EXPECT_TRUE(findings.passed) << findings.error;
    EXPECT_EQ(findings.http->redirects, 2U);
    EXPECT_EQ(findings.http->status, 204);
    EXPECT_TRUE(server.requests().at(2).starts_with("GET /last "));
}

TEST_F(InspectionTest, EndsAtTheEleventhRedirect) {
    for (std::uint32_t count = 0; count <= HttpInspection::kMostRedirects; ++count) {
        server.then(one_answer("302 Found", redirect_to("/again")));
    }
    auto const findings = get(server.url("/again"));
    EXPECT_FALSE(findings.passed);
    EXPECT_EQ(findings.http->redirects, 11U);
    EXPECT_EQ(findings.http->status, 302);
    EXPECT_EQ(findings.error, "too many redirects: more than 10");
}

TEST_F(InspectionTest, TakesARedirectToNowhereForAnAnswer) {
    server.then(one_answer("302 Found"));
    auto const findings = get(server.url());
    EXPECT_FALSE(findings.passed);
    EXPECT_EQ(findings.http->redirects, 0U);
    EXPECT_EQ(findings.http->status, 302);
}

TEST_F(InspectionTest, FailsWithTheHopThatFails) {
    server.then(one_answer("302 Found", redirect_to("http://127.0.0.9:9/")));
    auto const findings = get(server.url());
    EXPECT_FALSE(findings.passed);
    EXPECT_EQ(findings.http->redirects, 1U);
    EXPECT_EQ(findings.http->status, 0);
    EXPECT_EQ(findings.error, "connection refused");
}

TEST_F(InspectionTest, KeepsWhatWasSeenOfAnAnswerThatIsCut) {
    server.then(
        {read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"), close()});
    auto const findings = get(server.url());
    EXPECT_FALSE(findings.passed);
    EXPECT_EQ(findings.http->status, 200);
    EXPECT_EQ(findings.http->content_length, 100U);
    EXPECT_EQ(findings.http->body_length, 3U);
}

TEST_F(InspectionTest, ReadsLongBodiesToTheirEnd) {
    std::string const body(3U << 20U, 'x');
    server.then({read_request(), send("HTTP/1.0 200 OK\r\n\r\n" + body), close()});
    auto const findings = get(server.url());
    EXPECT_TRUE(findings.passed) << findings.error;
    EXPECT_EQ(findings.http->body_length, body.size());
    EXPECT_EQ(findings.http->content_length, std::nullopt);
    EXPECT_EQ(findings.http->minor_version, 0);
}

TEST_F(InspectionTest, SaysNoLengthOfAChunkedBody) {
    server.then({read_request(),
                 send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "5\r\nhello\r\n0\r\n\r\n"),
                 stay()});
    auto const findings = get(server.url());
    EXPECT_EQ(findings.http->content_length, std::nullopt);
    EXPECT_EQ(findings.http->body_length, 5U);
}

TEST_F(InspectionTest, KnowsTheLengthOfABodyThatIsNone) {
    server.then({read_request(), send("HTTP/1.1 204 Nothing\r\n\r\n"), stay()});
    EXPECT_EQ(get(server.url()).http->content_length, 0U);
}

TEST_F(InspectionTest, EndsAtItsDeadlineHoweverItGoes) {
    server.then({read_request(), drip(std::string(kOk), 50ms), stay()});
    auto const dripping = get(server.url(), 100ms);
    EXPECT_FALSE(dripping.passed);
    EXPECT_EQ(dripping.http->status, 0);
    auto const silent = get("http://never.example/", 50ms);
    EXPECT_FALSE(silent.passed);
    EXPECT_EQ(silent.lookup->ip, 0);
    EXPECT_EQ(silent.error, "the name service did not answer in time");
}

TEST_F(InspectionTest, HasOneDeadlineForAllHops) {
    for (int count = 0; count < 3; ++count) {
        server.then({read_request(),
                     drip("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\r\n\r\n", 1ms),
                     close()});
    }
    server.then({read_request(), stay()});
    auto const findings = get(server.url(), 400ms);
    EXPECT_FALSE(findings.passed);
    EXPECT_LT(findings.duration, 600ms);
}

TEST_F(InspectionTest, FindsNoHostInNonsense) {
    for (auto const* target : {"http://", "http:///x", "https://a b/", "http://h:99999/"}) {
        auto const findings = get(target);
        EXPECT_FALSE(findings.passed) << target;
        EXPECT_FALSE(findings.lookup) << target;
        EXPECT_TRUE(findings.http) << target;
        EXPECT_NE(findings.error, "") << target;
    }
    for (auto const* target : {"127.0.0.1", "http://127.0.0.1:80", ":80", "a:b"}) {
        auto const findings = connect(target);
        EXPECT_FALSE(findings.passed) << target;
        EXPECT_FALSE(findings.lookup) << target;
        EXPECT_FALSE(findings.http) << target;
    }
}

TEST_F(InspectionTest, TellsOfANameThatIsNotThere) {
    resolver.set("gone.example", tl::unexpected(name_failure("gone.example")));
    auto const findings = get("http://gone.example/");
    EXPECT_FALSE(findings.passed);
    ASSERT_TRUE(findings.lookup);
    EXPECT_EQ(findings.lookup->ip, 0);
    EXPECT_EQ(findings.error, "name not found: gone.example");
    // But this machine is there whatever anybody says.
    resolver.set("localhost", tl::unexpected(name_failure("localhost")));
    EXPECT_NE(connect("localhost:" + std::to_string(server.port())).lookup->ip, 0);
}

TEST_F(InspectionTest, ConnectsByTcp) {
    auto const open = connect(here());
    EXPECT_TRUE(open.passed) << open.error;
    EXPECT_EQ(open.lookup->ip, 4);
    EXPECT_FALSE(open.http);
    resolver.set("web.example", Addresses{make_address("127.0.0.1")});
    EXPECT_TRUE(connect("web.example:" + std::to_string(server.port())).passed);
    auto const closed = connect("127.0.0.77:" + std::to_string(server.port()));
    EXPECT_FALSE(closed.passed);
    EXPECT_EQ(closed.error, "connection refused");
}

TEST_F(InspectionTest, ShowsNoSecretThatATargetEchoes) {
    server.then({read_request(), send("you said t0ken-value\r\n"), close()});
    auto const findings = get(server.url("/?token=t0ken-value"));
    EXPECT_NE(findings.error, "");
    EXPECT_EQ(findings.error.find("t0ken"), std::string::npos) << findings.error;
}

TEST_F(InspectionTest, EndsWhenNobodyWaitsAnyMore) {
    auto const nobody = [](Findings const&) { ADD_FAILURE() << "nobody waits"; };
    server.then({read_request(), stay()});
    auto page = inspector.inspect({InspectionModule::http_2xx, server.url()}, 10s, nobody);
    auto name = inspector.inspect({InspectionModule::http_2xx, "never.example"}, 10s, nobody);
    auto nonsense = inspector.inspect({InspectionModule::tcp_connect, "x"}, 10s, nobody);
    auto tcp = inspector.inspect({InspectionModule::tcp_connect, here()}, 10s, nobody);
    nonsense.reset();
    tcp.reset();
    run_until([this] { return !server.requests().empty(); });
    page.reset();
    name.reset();
    run_for(20ms);
}

TEST_F(InspectionTest, MayBeDestroyedByThoseWhoAreTold) {
    for (auto const* target : {"http://", "http://127.0.0.9:9/", "http://gone.example/"}) {
        resolver.set("gone.example", tl::unexpected(name_failure("gone.example")));
        bool told = false;
        std::unique_ptr<Inspection> under_way;
        under_way =
            inspector.inspect({InspectionModule::http_2xx, target}, 10s, [&](Findings const&) {
                under_way.reset();
                told = true;
            });
        run_until([&told] { return told; });
    }
}

}  // namespace
}  // namespace muster
