#include <cli/plan_question.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(PlanQuestion, GoesToTheHubOfTheCommandLineElseOfTheEnvironment) {
    config::Configuration environment;
    auto const own = plan_question({}, {}, environment);
    ASSERT_TRUE(own);
    EXPECT_EQ(to_text(own->url), "http://127.0.0.1:3001/api/config/plan");
    EXPECT_EQ(own->token, "");

    environment.hub_url = "http://hub:80/";
    environment.token = "abc";
    auto const given = plan_question({}, {}, environment);
    ASSERT_TRUE(given);
    EXPECT_EQ(to_text(given->url), "http://hub/api/config/plan");
    EXPECT_EQ(given->token, "abc");

    auto const chosen = plan_question("http://[::1]:4000", "def", environment);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(to_text(chosen->url), "http://[::1]:4000/api/config/plan");
    EXPECT_EQ(chosen->token, "def");
}

TEST(PlanQuestion, KeepsThePathBehindWhichAHubIs) {
    auto const question = plan_question("http://h/muster/", {}, {});
    ASSERT_TRUE(question);
    EXPECT_EQ(question->url.target, "/muster/api/config/plan");
}

TEST(PlanQuestion, RefusesWhatIsNotSentAsItIsMeant) {
    auto const https = plan_question("https://h", {}, {});
    ASSERT_FALSE(https);
    EXPECT_EQ(https.error().code, Errc::unsupported);
    EXPECT_EQ(https.error().message,
              "--hub: https is not built yet: ask https://h/ by http on its own machine");

    auto const password = plan_question("http://me:hunter2@h", {}, {});
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().message,
              "--hub: user and password are not sent to http://h/: leave them out, and give a "
              "--token");

    auto const nothing = plan_question("h:3001", {}, {});
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().message.find("--hub wants a URL such as"), 0U);

    config::Configuration environment;
    environment.hub_url = "https://h/";
    auto const by_variable = plan_question({}, {}, environment);
    ASSERT_FALSE(by_variable);
    EXPECT_EQ(by_variable.error().message.find("MUSTER_URL: https is not built yet"), 0U);

    auto const two_lines = plan_question({}, "hunter2\r\nX: y", {});
    ASSERT_FALSE(two_lines);
    EXPECT_EQ(two_lines.error().message.find("hunter"), std::string::npos);
}

}  // namespace
}  // namespace muster
