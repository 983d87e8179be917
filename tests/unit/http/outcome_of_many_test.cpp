#include <muster/http/outcome_of_many.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

EndpointOutcome passed(std::string name, Micros time) {
    EndpointOutcome made{std::move(name), {}};
    made.outcome.verdict = Verdict::passed;
    made.outcome.http_status = 200;
    made.outcome.response_time = time;
    made.outcome.phases.transfer = time;
    return made;
}

EndpointOutcome failed(std::string name, Micros time, std::string error,
                       Verdict verdict = Verdict::failed) {
    auto made = passed(std::move(name), time);
    made.outcome.verdict = verdict;
    made.outcome.http_status = 503;
    made.outcome.error = std::move(error);
    return made;
}

TEST(OutcomeOfMany, PassesWhereAllPassAndIsAsSlowAsTheSlowest) {
    auto const all =
        outcome_of_many(std::vector{passed("/a", 1ms), passed("/b", 9ms), passed("/c", 2ms)});
    EXPECT_EQ(all.verdict, Verdict::passed);
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.response_time, 9ms);
    EXPECT_EQ(all.phases.transfer, 9ms);
    EXPECT_EQ(all.endpoints_healthy, 3);
    EXPECT_EQ(all.endpoints_total, 3);
}

TEST(OutcomeOfMany, NamesTheFirstThatFails) {
    auto const all =
        outcome_of_many(std::vector{passed("/a", 9ms), failed("/b", 1ms, "HTTP error: 503"),
                                    failed("/c", 2ms, "connection refused")});
    EXPECT_EQ(all.verdict, Verdict::failed);
    EXPECT_EQ(all.error, "/b: HTTP error: 503");
    EXPECT_EQ(all.http_status, 503);
    EXPECT_EQ(all.response_time, 9ms);
    EXPECT_EQ(all.phases.transfer, 1ms);
    EXPECT_EQ(all.endpoints_healthy, 1);
    EXPECT_EQ(all.endpoints_total, 3);
}

TEST(OutcomeOfMany, DoesNotCountOurFailureAgainstTheTargetNorForIt) {
    auto const ours = failed("/a", 1ms, "no descriptors", Verdict::not_counted);
    EXPECT_EQ(outcome_of_many(std::vector{ours, passed("/b", 2ms)}).verdict, Verdict::not_counted);
    EXPECT_EQ(outcome_of_many(std::vector{ours, passed("/b", 2ms)}).error, "/a: no descriptors");
    EXPECT_EQ(outcome_of_many(std::vector{ours, failed("/b", 2ms, "x")}).error, "/b: x");
}

TEST(OutcomeOfMany, TakesTheWorstWordAndTheFirstCertificateToExpire) {
    auto slow = passed("/a", 9ms);
    auto quick = passed("/b", 1ms);
    slow.outcome.certificate_expires = WallTime(5000ms);
    quick.outcome.certificate_expires = WallTime(3000ms);
    quick.outcome.word = BodyWord::degraded;
    auto const all = outcome_of_many(std::vector{slow, quick, passed("/c", 2ms)});
    EXPECT_EQ(all.word, BodyWord::degraded);
    EXPECT_EQ(all.certificate_expires, WallTime(3000ms));
}

}  // namespace
}  // namespace muster
