#include <muster/codec/log_page.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(LogPage, KeepsTheEntriesOfALevelAndAllElse) {
    auto const page = logs_of_level(
        R"({"logs":[{"level":"info","message":"a"},{"level":"WARN","message":"b"},{"message":"c"},)"
        R"("warn",{"level":3}],"total":1250,"more":{"x":[1.5]}})",
        "warn");
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(*page,
              R"({"logs":[{"level":"WARN","message":"b"}],"total":1250,"more":{"x":[1.5]}})");
}

TEST(LogPage, MayBeEmptyAfterwards) {
    EXPECT_EQ(logs_of_level(R"({"logs":[]})", "error").value(), R"({"logs":[]})");
    EXPECT_EQ(logs_of_level(R"({"logs":[{"level":"info"}]})", "error").value(), R"({"logs":[]})");
}

TEST(LogPage, RefusesWhatIsNone) {
    for (auto const* text :
         {"", "[]", "{}", R"({"logs":{}})", R"({"logs":[)", "{\"logs\":[\"\xff\"]}"}) {
        auto const page = logs_of_level(text, "info");
        ASSERT_FALSE(page) << text;
        EXPECT_EQ(page.error().code, Errc::invalid);
        EXPECT_EQ(page.error().message, "its logs are no JSON object with a list 'logs'");
    }
}

TEST(LogPage, RefusesNestingThatWouldTakeTheStack) {
    std::string const deep(100'000, '[');
    auto const page = logs_of_level("{\"logs\":" + deep, "info");
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().message, "its logs are nested too deeply");
}

}  // namespace
}  // namespace muster
