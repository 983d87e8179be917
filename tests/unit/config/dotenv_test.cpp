#include <muster/config/dotenv.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster::config {
namespace {

TEST(Dotenv, HoldsNamesAndValues) {
    auto const dotenv = read_dotenv(
        "# a comment\n"
        "\n"
        "PORT=3001\r\n"
        "  export HUB_ID = hub-main  # main\n"
        "EMPTY=\n"
        "URL=http://h/#part\n"
        "SPACES=a b  c\n"
        "LAST=end");
    EXPECT_EQ(dotenv.variables, (Environment{{"PORT", "3001"},
                                             {"HUB_ID", "hub-main"},
                                             {"EMPTY", ""},
                                             {"URL", "http://h/#part"},
                                             {"SPACES", "a b  c"},
                                             {"LAST", "end"}}));
    EXPECT_TRUE(dotenv.warnings.empty());
}

TEST(Dotenv, QuotesKeepWhatTheyHold) {
    auto const dotenv = read_dotenv(
        "A=' # $x \\n'\n"
        "B=\"one\\ttwo\\r\\\"\\\\\\$\" # comment\n"
        "C=\"two\nlines\"\n"
        "D=after\n"
        "E='it''s'\n");
    EXPECT_EQ(dotenv.variables, (Environment{{"A", " # $x \\n"},
                                             {"B", "one\ttwo\r\"\\$"},
                                             {"C", "two\nlines"},
                                             {"D", "after"},
                                             {"E", "it"}}));
}

TEST(Dotenv, TheLastOfANameCounts) {
    EXPECT_EQ(read_dotenv("A=1\nA=2\n").variables, (Environment{{"A", "2"}}));
}

TEST(Dotenv, LinesThatAreNoneAreLeftOutWithAWarning) {
    auto const dotenv = read_dotenv("A=\"x\ny\"\njunk\n=value\n1A=x\nB=2\nC='open\nD=4\n");
    EXPECT_EQ(dotenv.variables, (Environment{{"A", "x\ny"}, {"B", "2"}, {"D", "4"}}));
    EXPECT_EQ(dotenv.warnings, (std::vector<std::string>{
                                   ".env:3: no NAME=value: this line is left out",
                                   ".env:4: no NAME=value: this line is left out",
                                   ".env:5: no NAME=value: this line is left out",
                                   ".env:7: a quote that does not end: this line is left out"}));
}

RC_GTEST_PROP(DotenvProperty, AnyTextIsRead, ()) {
    auto const text = *rc::gen::container<std::string>(
        rc::gen::element('A', '=', '"', '\'', '\\', '\n', '#', ' ', '\r', 'n', '\0'));
    (void)read_dotenv(text);
}

}  // namespace
}  // namespace muster::config
