#include <muster/api/probe_desk.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/codec/metrics_text.hpp>
#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

/// Keeps what it is asked until the test answers.
class PatientInspector final : public Inspector {
public:
    struct Asked {
        InspectionSpec spec;
        Millis timeout;
        Done done;
        bool alive{true};
    };

    std::unique_ptr<Inspection> inspect(InspectionSpec const& spec, Millis timeout,
                                        Done done) override {
        asked.push_back(std::make_unique<Asked>(Asked{spec, timeout, std::move(done)}));
        return std::make_unique<UnderWay>(*asked.back());
    }

    std::vector<std::unique_ptr<Asked>> asked;

private:
    class UnderWay final : public Inspection {
    public:
        explicit UnderWay(Asked& asked) : asked_(asked) {}
        ~UnderWay() override { asked_.alive = false; }
        UnderWay(UnderWay const&) = delete;
        UnderWay& operator=(UnderWay const&) = delete;

    private:
        Asked& asked_;
    };
};

struct ProbeDeskTest : ::testing::Test {
    static Request request(std::string const& query) {
        Request request;
        request.target = parse_target("/probe" + query).value();
        request.host = "127.0.0.1:3001";
        request.from_loopback = true;
        return request;
    }

    static ChangeGuard::Options guarded(std::string token = {}) {
        ChangeGuard::Options options;
        options.token = std::move(token);
        options.listen = {{"0.0.0.0", 3001}};
        return options;
    }

    std::unique_ptr<Errand> ask(Request asked) {
        answer.reset();
        return router.handle(std::move(asked),
                             [this](Response response) { answer = std::move(response); });
    }

    static Findings passed() {
        Findings findings;
        findings.passed = true;
        return findings;
    }

    SimulatedLoop loop;
    PatientInspector inspector;
    ChangeGuard guard{guarded()};
    ProbeDesk desk{inspector, guard, loop, {.at_once = 2}};
    Router router{loop, Origins({"*"})};
    std::optional<Response> answer;

    ProbeDeskTest() { add_probe_route(router, desk); }
};

TEST_F(ProbeDeskTest, AnswersOnceItIsFound) {
    auto asked = request("?target=a.example&module=http_2xx");
    asked.scrape_timeout = "3";
    auto const errand = ask(asked);
    ASSERT_TRUE(errand);
    EXPECT_FALSE(answer);
    ASSERT_EQ(inspector.asked.size(), 1U);
    EXPECT_EQ(inspector.asked[0]->spec.target, "a.example");
    EXPECT_EQ(inspector.asked[0]->timeout, Millis(2'500));
    EXPECT_EQ(desk.counters().under_way, 1U);
    inspector.asked[0]->done(passed());
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->content_type, MetricsText::kContentType);
    EXPECT_NE(answer->body.text().find("\nprobe_success 1\n"), std::string::npos);
}

TEST_F(ProbeDeskTest, AnswersAFailureWith200Too) {
    auto const errand = ask(request("?target=a:1&module=tcp_connect"));
    inspector.asked.at(0)->done({});
    EXPECT_EQ(answer.value().status, 200U);
    EXPECT_NE(answer->body.text().find("\nprobe_success 0\n"), std::string::npos);
}

TEST_F(ProbeDeskTest, TellsPeopleMore) {
    auto const errand = ask(request("?target=a&debug=true"));
    Findings findings;
    findings.error = "connection refused";
    inspector.asked.at(0)->done(findings);
    auto const text = answer.value().body.text();
    EXPECT_EQ(answer->content_type, "text/plain; charset=utf-8");
    EXPECT_TRUE(
        text.starts_with("module: http_2xx\ntimeout: 119500 ms\n"
                         "result: failed: connection refused\n\n"
                         "Metrics that would have been returned:\n# HELP "))
        << text;
}

TEST_F(ProbeDeskTest, SaysWhatIsWrongInPlainText) {
    EXPECT_FALSE(ask(request("")));
    EXPECT_EQ(answer.value().status, 400U);
    EXPECT_EQ(answer->content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(answer->body.text(), "Target parameter is missing\n");
    auto hasty = request("?target=a");
    hasty.scrape_timeout = "soon";
    EXPECT_FALSE(ask(hasty));
    EXPECT_EQ(answer.value().status, 400U);
    EXPECT_TRUE(inspector.asked.empty());
}

TEST_F(ProbeDeskTest, EndsTheInspectionWithTheErrand) {
    auto errand = ask(request("?target=a"));
    EXPECT_TRUE(inspector.asked.at(0)->alive);
    errand.reset();
    EXPECT_FALSE(inspector.asked.at(0)->alive);
    EXPECT_EQ(desk.counters().under_way, 0U);
    EXPECT_FALSE(answer);
}

TEST_F(ProbeDeskTest, HasSoManyUnderWayAndNoMore) {
    auto first = ask(request("?target=a"));
    auto const second = ask(request("?target=b"));
    EXPECT_FALSE(ask(request("?target=c")));
    EXPECT_EQ(answer.value().status, 503U);
    EXPECT_EQ(answer->header("Retry-After"), "1");
    EXPECT_EQ(desk.counters().refused, 1U);
    EXPECT_EQ(desk.counters().inspections, 2U);
    first.reset();
    EXPECT_TRUE(ask(request("?target=c")));
    EXPECT_EQ(inspector.asked.size(), 3U);
}

TEST_F(ProbeDeskTest, IsForThoseWhoMay) {
    auto from_afar = request("?target=a");
    from_afar.from_loopback = false;
    EXPECT_FALSE(ask(from_afar));
    EXPECT_EQ(answer.value().status, 403U);
    guard = ChangeGuard(guarded("s3cret"));
    EXPECT_FALSE(ask(from_afar));
    EXPECT_EQ(answer.value().status, 401U);
    from_afar.authorization = "Bearer s3cret";
    EXPECT_TRUE(ask(from_afar));
    EXPECT_EQ(inspector.asked.size(), 1U);
}

}  // namespace
}  // namespace muster
