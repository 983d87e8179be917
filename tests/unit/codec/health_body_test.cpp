#include <muster/codec/health_body.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

BodyWord word_of(std::string_view body) {
    return judge_health_body(body).word;
}

TEST(HealthBody, KnowsTheWordsOfDegradation) {
    for (std::string_view const word : {"warn", "warning", "degraded", "WARN", "Degraded"}) {
        auto const opinion = judge_health_body("{\"status\":\"" + std::string(word) + "\"}");
        EXPECT_EQ(opinion, (BodyOpinion{BodyWord::degraded, ""})) << word;
    }
}

TEST(HealthBody, KnowsTheWordsOfFailure) {
    for (std::string_view const word : {"down", "fail", "failed", "error", "critical", "unhealthy",
                                        "out_of_service", "DOWN", "OUT_OF_SERVICE", "Unhealthy"}) {
        auto const opinion = judge_health_body("{\"status\":\"" + std::string(word) + "\"}");
        EXPECT_EQ(opinion, (BodyOpinion{BodyWord::down, ""})) << word;
    }
}

TEST(HealthBody, HasNoOpinionOnOtherWordsAndTypes) {
    for (std::string_view const body : {R"({"status":"healthy"})",
                                        R"({"status":"ok"})",
                                        R"({"status":"downish"})",
                                        R"({"status":" down"})",
                                        R"({"status":""})",
                                        R"({"status":503})",
                                        R"({"status":null})",
                                        R"({"status":false})",
                                        R"({"status":["down"]})",
                                        R"({"status":{"status":"down"}})",
                                        R"({"Status":"down"})",
                                        R"({"isRunning":true})",
                                        R"({"isRunning":"false"})",
                                        R"({"isRunning":0})",
                                        R"({"isRunning":null})",
                                        "{}",
                                        "[]",
                                        R"(["down"])",
                                        R"("down")",
                                        "false",
                                        "0",
                                        "null"}) {
        EXPECT_EQ(judge_health_body(body), BodyOpinion{}) << body;
    }
}

TEST(HealthBody, IsDownWhereItDoesNotRun) {
    EXPECT_EQ(word_of(R"({"isRunning":false})"), BodyWord::down);
    EXPECT_EQ(word_of(R"({"status":"healthy","isRunning":false})"), BodyWord::down);
}

TEST(HealthBody, TakesTheWorstOfSeveral) {
    EXPECT_EQ(word_of(R"({"isRunning":false,"status":"warn"})"), BodyWord::down);
    EXPECT_EQ(word_of(R"({"status":"down","status":"ok"})"), BodyWord::down);
    EXPECT_EQ(word_of(R"({"status":"warn","isRunning":true})"), BodyWord::degraded);
}

TEST(HealthBody, LooksAtTheTopLevelObjectOnly) {
    EXPECT_EQ(word_of(R"({"db":{"status":"down","isRunning":false},"list":[{"status":"fail"}]})"),
              BodyWord::none);
    EXPECT_EQ(word_of(R"([{"status":"down"}])"), BodyWord::none);
    EXPECT_EQ(word_of(R"({"db":{"status":"ok"},"status":"down"})"), BodyWord::down);
    EXPECT_EQ(word_of(R"({"status":{"x":1},"y":"down"})"), BodyWord::none);
    EXPECT_EQ(word_of(R"({"status":[],"y":"down"})"), BodyWord::none);
}

TEST(HealthBody, ReadsEscapesAndSpace) {
    EXPECT_EQ(word_of("\r\n {\t\"\\u0073tatus\" : \"do\\u0077n\" } \n"), BodyWord::down);
}

TEST(HealthBody, NotesWhatItCannotRead) {
    for (std::string_view const body :
         {"OK", "{", "{\"status\":\"down\"", "{\"status\":\"down\"} x", "{'status':'down'}",
          "<html>down</html>", "{\"status\":\"\xff\"}", "{\"a\":1e999}", "nul"}) {
        EXPECT_EQ(judge_health_body(body),
                  (BodyOpinion{BodyWord::none, "body is not readable JSON"}))
            << body;
    }
}

TEST(HealthBody, SaysNothingOfAnEmptyBody) {
    EXPECT_EQ(judge_health_body(""), BodyOpinion{});
    EXPECT_EQ(judge_health_body(" \r\n\t"), BodyOpinion{});
}

TEST(HealthBody, GivesUpOnDeepNesting) {
    std::string const fits =
        "{\"a\":" + std::string(63, '[') + std::string(63, ']') + ",\"status\":\"down\"}";
    EXPECT_EQ(word_of(fits), BodyWord::down);
    EXPECT_EQ(judge_health_body(std::string(1'000'000, '[')).note,
              "body is nested too deep to read");
}

}  // namespace
}  // namespace muster
