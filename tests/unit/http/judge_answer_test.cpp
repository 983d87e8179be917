#include <string>

#include <gtest/gtest.h>

#include <muster/http/exchange.hpp>
#include <muster/http/http_prober.hpp>

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

TEST(JudgeAnswer, PassesTwoHundreds) {
    for (std::uint16_t const status : {200, 201, 204, 299}) {
        auto const outcome = judge_answer(answer(status));
        EXPECT_EQ(outcome.verdict, Verdict::passed) << status;
        EXPECT_EQ(outcome.http_status, status);
        EXPECT_EQ(outcome.response_time, 12'345us);
        EXPECT_EQ(outcome.error, "");
        EXPECT_EQ(outcome.note, "");
    }
}

TEST(JudgeAnswer, FailsEverythingElse) {
    for (std::uint16_t const status : {101, 301, 304, 404, 500, 503, 600}) {
        auto const outcome = judge_answer(answer(status, R"({"status":"up"})"));
        EXPECT_EQ(outcome.verdict, Verdict::failed) << status;
        EXPECT_EQ(outcome.error, "HTTP error: " + std::to_string(status));
        EXPECT_EQ(outcome.word, BodyWord::none);
    }
}

TEST(JudgeAnswer, LetsABodyMakeItWorse) {
    auto const degraded = judge_answer(answer(200, R"({"status":"Degraded"})"));
    EXPECT_EQ(degraded.verdict, Verdict::passed);
    EXPECT_EQ(degraded.word, BodyWord::degraded);

    auto const down = judge_answer(answer(200, R"({"isRunning":false})"));
    EXPECT_EQ(down.verdict, Verdict::failed);
    EXPECT_EQ(down.word, BodyWord::down);
    EXPECT_EQ(down.error, "body says down");
}

TEST(JudgeAnswer, HearsJsonThatIsNotDeclared) {
    EXPECT_EQ(judge_answer(answer(200, " \r\n{\"status\":\"down\"}", false)).word, BodyWord::down);
    EXPECT_EQ(judge_answer(answer(200, "{not json", false)).note, "");
    EXPECT_EQ(judge_answer(answer(200, "down", false)).word, BodyWord::none);
}

TEST(JudgeAnswer, NotesJsonThatCannotBeRead) {
    auto const outcome = judge_answer(answer(200, "{oops"));
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.note, "body is not readable JSON");
}

TEST(JudgeAnswer, HasNoOpinionOfABodyThatWasCut) {
    auto cut = answer(200, R"({"status":"down"})");
    cut.body_is_cut = true;
    auto const outcome = judge_answer(cut);
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.word, BodyWord::none);
    EXPECT_EQ(outcome.note, "body is too long to read");
}

TEST(JudgeAnswer, TellsATargetsFailureFromOurs) {
    auto failed = answer(0);
    failed.failure = Failure{Failure::Kind::target, "connection refused"};
    EXPECT_EQ(judge_answer(failed).verdict, Verdict::failed);
    EXPECT_EQ(judge_answer(failed).error, "connection refused");
    failed.failure->kind = Failure::Kind::ours;
    EXPECT_EQ(judge_answer(failed).verdict, Verdict::not_counted);
    failed.failure = timeout_failure(5s);
    failed.stage = "connecting";
    EXPECT_EQ(judge_answer(failed).verdict, Verdict::failed);
    EXPECT_EQ(judge_answer(failed).error, "timed out after 5000 ms");
    EXPECT_EQ(judge_answer(failed).note, "while connecting");
}

}  // namespace
}  // namespace muster
