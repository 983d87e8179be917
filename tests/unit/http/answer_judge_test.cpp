#include <muster/http/answer_judge.hpp>

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/http/exchange.hpp>

namespace muster {
namespace {

HttpAnswer answer(std::uint16_t status, std::string_view body = {}, bool is_json = true) {
    HttpAnswer answer;
    answer.head.status = status;
    answer.head.is_json = is_json;
    answer.body = body;
    answer.elapsed = 12'345us;
    return answer;
}

Outcome judge(HttpAnswer const& given, HttpExpectation const& expect = {}) {
    auto const made = AnswerJudge::make(expect);
    EXPECT_TRUE(made) << made.error().message;
    return made->judge(given);
}

TEST(AnswerJudge, PassesTwoHundreds) {
    for (std::uint16_t const status : {200, 201, 204, 299}) {
        auto const outcome = judge(answer(status));
        EXPECT_EQ(outcome.verdict, Verdict::passed) << status;
        EXPECT_EQ(outcome.http_status, status);
        EXPECT_EQ(outcome.response_time, 12'345us);
        EXPECT_EQ(outcome.error, "");
        EXPECT_EQ(outcome.note, "");
    }
}

TEST(AnswerJudge, FailsEverythingElse) {
    for (std::uint16_t const status : {101, 301, 304, 404, 500, 503, 600}) {
        auto const outcome = judge(answer(status, R"({"status":"up"})"));
        EXPECT_EQ(outcome.verdict, Verdict::failed) << status;
        EXPECT_EQ(outcome.error, "HTTP error: " + std::to_string(status));
        EXPECT_EQ(outcome.word, BodyWord::none);
    }
}

TEST(AnswerJudge, LetsABodyMakeItWorse) {
    auto const degraded = judge(answer(200, R"({"status":"Degraded"})"));
    EXPECT_EQ(degraded.verdict, Verdict::passed);
    EXPECT_EQ(degraded.word, BodyWord::degraded);

    auto const down = judge(answer(200, R"({"isRunning":false})"));
    EXPECT_EQ(down.verdict, Verdict::failed);
    EXPECT_EQ(down.word, BodyWord::down);
    EXPECT_EQ(down.error, "body says down");
}

TEST(AnswerJudge, HearsJsonThatIsNotDeclared) {
    EXPECT_EQ(judge(answer(200, " \r\n{\"status\":\"down\"}", false)).word, BodyWord::down);
    EXPECT_EQ(judge(answer(200, "{not json", false)).note, "");
    EXPECT_EQ(judge(answer(200, "down", false)).word, BodyWord::none);
}

TEST(AnswerJudge, NotesJsonThatCannotBeRead) {
    auto const outcome = judge(answer(200, "{oops"));
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.note, "body is not readable JSON");
}

TEST(AnswerJudge, HasNoOpinionOfABodyThatWasCut) {
    auto cut = answer(200, R"({"status":"down"})");
    cut.body_is_cut = true;
    auto const outcome = judge(cut);
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.word, BodyWord::none);
    EXPECT_EQ(outcome.note, "body is too long to read");
}

TEST(AnswerJudge, TellsATargetsFailureFromOurs) {
    auto failed = answer(0);
    failed.failure = Failure{Failure::Kind::target, "connection refused"};
    EXPECT_EQ(judge(failed).verdict, Verdict::failed);
    EXPECT_EQ(judge(failed).error, "connection refused");
    failed.failure->kind = Failure::Kind::ours;
    EXPECT_EQ(judge(failed).verdict, Verdict::not_counted);
    failed.failure = timeout_failure(5s);
    failed.stage = "connecting";
    EXPECT_EQ(judge(failed).verdict, Verdict::failed);
    EXPECT_EQ(judge(failed).error, "timed out after 5000 ms");
    EXPECT_EQ(judge(failed).note, "while connecting");
}

struct Row {
    HttpExpectation expect;
    HttpAnswer given;
    std::string error;  ///< Empty: it passes.
};

HttpExpectation status(std::vector<StatusRange> ranges) {
    return {.status = std::move(ranges), .body = {}, .body_matches = {}, .json = {}};
}
HttpExpectation body(std::string text) {
    return {.status = {}, .body = std::move(text), .body_matches = {}, .json = {}};
}
HttpExpectation matches(std::string expression) {
    return {.status = {}, .body = {}, .body_matches = std::move(expression), .json = {}};
}
HttpExpectation json(std::vector<JsonCondition> conditions) {
    return {.status = {}, .body = {}, .body_matches = {}, .json = std::move(conditions)};
}

HttpAnswer cut(HttpAnswer given) {
    given.body_is_cut = true;
    return given;
}
HttpAnswer compressed(HttpAnswer given) {
    given.head.compressed = true;
    return given;
}

TEST(AnswerJudge, HoldsAnAnswerAgainstWhatIsExpected) {
    static std::string const kLong(1024 * 1024, 'x');
    Row const table[] = {
        {status({{401, 401}}), answer(401), ""},
        {status({{401, 401}}), answer(200), "HTTP status 200, expected 401"},
        {status({{200, 200}, {300, 399}}), answer(302), ""},
        {status({{200, 200}, {300, 399}}), answer(204), "HTTP status 204, expected 200, 300-399"},
        {status({{200, 200}}), answer(503), "HTTP error: 503"},
        {status({{500, 599}}), answer(503), ""},
        {body("ok"), answer(200, "all ok", false), ""},
        {body("ok"), answer(200, "all well", false), "body lacks \"ok\""},
        {body("OK"), answer(200, "all ok", false), "body lacks \"OK\""},
        {body("ok"), answer(200, "", false), "body lacks \"ok\""},
        {body("ok"), answer(404, "ok", false), "HTTP error: 404"},
        {body(std::string(100, 'y')), answer(200, "x", false),
         "body lacks \"" + std::string(60, 'y') + "\""},
        {body("a\nb"), answer(200, "x", false), "body lacks \"a b\""},
        {body("ok"), cut(answer(200, "ok...", false)), ""},
        {body("ok"), cut(answer(200, kLong, false)), "body lacks \"ok\" in its first 1024 KiB"},
        {body("ok"), compressed(answer(200, "ok", false)),
         "body is compressed: what is expected of it cannot be decided"},
        {matches("status: (up|ok)"), answer(200, "status: ok", false), ""},
        {matches("status: (up|ok)"), answer(200, "status: bad", false),
         "body does not match /status: (up|ok)/"},
        {matches("^a.*z$"), answer(200, "a to z", false), ""},
        {matches("xk"), cut(answer(200, kLong, false)),
         "body does not match /xk/ in its first 1024 KiB"},
        {matches("x$"), cut(answer(200, kLong, false)),
         "body does not match /x$/ in its first 1024 KiB"},
        {matches("x"), cut(answer(200, kLong, false)), ""},
        {json({{"db.ok", JsonTest::equals, true}}), answer(200, R"({"db":{"ok":true}})"), ""},
        {json({{"db.ok", JsonTest::equals, true}}), answer(200, R"({"db":{"ok":false}})"),
         "db.ok is false, expected true"},
        {json({{"db.ok", JsonTest::equals, true}}), answer(200, "{}", false), "db.ok is missing"},
        {json({{"db.ok", JsonTest::equals, true}}), answer(200, "<html>", false),
         "body is not readable JSON"},
        {json({{"db.ok", JsonTest::equals, true}}), cut(answer(200, kLong)),
         "body is longer than 1024 KiB: its JSON cannot be read"},
        // A body makes it worse, never better.
        {status({{503, 503}}), answer(503, R"({"status":"down"})"), "body says down"},
        {body("status"), answer(200, R"({"status":"down"})"), "body says down"},
    };
    for (auto const& row : table) {
        auto const outcome = judge(row.given, row.expect);
        EXPECT_EQ(outcome.error, row.error);
        EXPECT_EQ(outcome.verdict, row.error.empty() ? Verdict::passed : Verdict::failed);
    }
}

TEST(AnswerJudge, WantsEveryConditionToHoldAndTellsTheFirst) {
    auto expect = json({{"n", JsonTest::at_least, 1.0}});
    expect.body = "ready";
    expect.body_matches = "v[0-9]+";
    EXPECT_EQ(judge(answer(200, R"({"n":1,"x":"ready v2"})"), expect).error, "");
    EXPECT_EQ(judge(answer(200, R"({"n":0,"x":"v2"})"), expect).error, "body lacks \"ready\"");
    EXPECT_EQ(judge(answer(200, R"({"n":0,"x":"ready"})"), expect).error,
              "body does not match /v[0-9]+/");
    EXPECT_EQ(judge(answer(200, R"({"n":0,"x":"ready v2"})"), expect).error,
              "n is 0, expected at least 1");
}

TEST(AnswerJudge, KeepsTheWordOfABodyThatFulfilsItsConditions) {
    auto const outcome = judge(answer(200, R"({"status":"warn"})"), body("warn"));
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.word, BodyWord::degraded);
}

TEST(AnswerJudge, NeedsTheBodyOnlyForConditionsOnIt) {
    EXPECT_FALSE(AnswerJudge().needs_body());
    EXPECT_FALSE(AnswerJudge::make(status({{200, 200}}))->needs_body());
    EXPECT_TRUE(AnswerJudge::make(body("x"))->needs_body());
    EXPECT_TRUE(AnswerJudge::make(matches("x"))->needs_body());
    EXPECT_TRUE(AnswerJudge::make(json({{"x", JsonTest::exists, true}}))->needs_body());
}

TEST(AnswerJudge, NotesACompressedBodyThatClaimsToBeJson) {
    EXPECT_EQ(judge(compressed(answer(200, "\x1f\x8b"))).note, "body is compressed");
    EXPECT_EQ(judge(compressed(answer(200, "\x1f\x8b", false))).note, "");
}

TEST(AnswerJudge, RefusesExpectationsThatCannotBeMeant) {
    auto const refusal = [](HttpExpectation const& expect) {
        auto const made = AnswerJudge::make(expect);
        EXPECT_FALSE(made);
        return made ? std::string() : made.error().message;
    };
    EXPECT_EQ(refusal(matches("(up")), "the expression for the body: missing ): (up");
    EXPECT_EQ(refusal(status({{299, 200}})),
              "the expected status 299-200 is no code or range of codes from 100 to 599, such as "
              "200 or 200-299");
    EXPECT_NE(refusal(status({{99, 99}})).find("expected status 99 is"), std::string::npos);
    EXPECT_NE(refusal(status({{200, 600}})).find("expected status 200-600 is"), std::string::npos);
    EXPECT_NE(refusal(json({{"a..b", JsonTest::exists, true}})).find("'a..b'"), std::string::npos);
}

}  // namespace
}  // namespace muster
