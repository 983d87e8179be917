#include <muster/domain/metrics_expression.hpp>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

using Read = MetricsReading::Kind;

MetricsExpression parsed(std::string_view text) {
    auto expression = parse_metrics_expression(text);
    EXPECT_TRUE(expression) << text << ": " << (expression ? "" : expression.error().message);
    return expression.value_or(MetricsExpression{});
}

double worked_out(std::string_view text, std::vector<double> const& readings, double seconds = 0) {
    auto const expression = parsed(text);
    EXPECT_EQ(expression.readings.size(), readings.size()) << text;
    return evaluate(expression, readings, seconds);
}

TEST(MetricsExpression, ASelectorIsTheSumOfItsSeries) {
    auto const expression = parsed("process_memory_percent");
    ASSERT_EQ(expression.readings.size(), 1U);
    EXPECT_EQ(expression.readings[0].series.name, "process_memory_percent");
    EXPECT_EQ(expression.readings[0].kind, Read::sum);
    EXPECT_EQ(parsed("sum(x)"), parsed("x"));
    EXPECT_EQ(parsed("max(x)").readings[0].kind, Read::max);
    EXPECT_EQ(parsed(" min ( x ) ").readings[0].kind, Read::min);
}

TEST(MetricsExpression, MatchersSayWhichSeries) {
    auto const expression =
        parsed(R"(http:requests{code=~"5..", path!='/health',job="a\"b\\c", host!~"db\\d+",})");
    auto const& matchers = expression.readings.at(0).series.matchers;
    ASSERT_EQ(matchers.size(), 4U);
    EXPECT_TRUE(matchers[0].accepts("503"));
    EXPECT_FALSE(matchers[0].accepts("200"));
    EXPECT_FALSE(matchers[0].accepts("")) << "a label that is not there is empty";
    EXPECT_TRUE(matchers[1].accepts(""));
    EXPECT_FALSE(matchers[1].accepts("/health"));
    EXPECT_TRUE(matchers[2].accepts(R"(a"b\c)"));
    EXPECT_TRUE(matchers[3].accepts("web1"));
    EXPECT_FALSE(matchers[3].accepts("db12"));
    EXPECT_TRUE(parsed("x{}").readings.at(0).series.matchers.empty());
}

TEST(MetricsExpression, ReckonsAsOneWrites) {
    EXPECT_DOUBLE_EQ(worked_out("2 + 3 * 4", {}), 14);
    EXPECT_DOUBLE_EQ(worked_out("(2 + 3) * 4", {}), 20);
    EXPECT_DOUBLE_EQ(worked_out("20 / 2 / 5", {}), 2);
    EXPECT_DOUBLE_EQ(worked_out("10 - 2 - 3", {}), 5);
    EXPECT_DOUBLE_EQ(worked_out("100 * (1 - free / total)", {1, 4}), 75);
    EXPECT_DOUBLE_EQ(worked_out("1.5e3", {}), 1500);
}

TEST(MetricsExpression, RateIsGrowthPerSecond) {
    EXPECT_EQ(parsed("rate(x)").readings.at(0).kind, Read::growth);
    EXPECT_DOUBLE_EQ(worked_out("rate(x)", {60}, 30), 2);
    EXPECT_DOUBLE_EQ(worked_out("rate(x) * 60", {60}, 30), 120);
    EXPECT_DOUBLE_EQ(worked_out("increase(x)", {60}, 30), 60);
    EXPECT_DOUBLE_EQ(worked_out("rate(x)", {60}, 0), 0) << "no collection before";
}

TEST(MetricsExpression, AvgIsOfASummaryOrHistogram) {
    auto const expression = parsed(R"(avg(db_query_seconds{kind="read"}) * 1000)");
    ASSERT_EQ(expression.readings.size(), 2U);
    EXPECT_EQ(expression.readings[0].series.name, "db_query_seconds_sum");
    EXPECT_EQ(expression.readings[1].series.name, "db_query_seconds_count");
    EXPECT_EQ(expression.readings[0].series.matchers, expression.readings[1].series.matchers);
    EXPECT_EQ(expression.readings[0].kind, Read::growth);
    EXPECT_DOUBLE_EQ(evaluate(expression, std::vector<double>{0.5, 20}, 30), 25);
    EXPECT_DOUBLE_EQ(evaluate(expression, std::vector<double>{0, 0}, 30), 0) << "nothing was asked";
}

TEST(MetricsExpression, RatioIsOfGrowths) {
    EXPECT_DOUBLE_EQ(worked_out(R"(ratio(r{code=~"5.."} , r))", {2, 100}, 30), 0.02);
    EXPECT_DOUBLE_EQ(worked_out("ratio(a, b)", {0, 0}, 30), 0);
}

TEST(MetricsExpression, WhatIsNoFiniteNumberIsZero) {
    EXPECT_DOUBLE_EQ(worked_out("a / 0", {5}), 0);
    EXPECT_DOUBLE_EQ(worked_out("a", {std::numeric_limits<double>::infinity()}), 0);
    EXPECT_DOUBLE_EQ(worked_out("a", {std::numeric_limits<double>::quiet_NaN()}), 0);
    EXPECT_DOUBLE_EQ(worked_out("1e308 * 10", {}), 0);
}

TEST(MetricsExpression, SaysWhereAMistakeIs) {
    std::pair<std::string_view, std::string_view> const mistakes[] = {
        {"", "column 1: the expression is empty"},
        {"rat(x)", "column 1: 'rat' is no function: rate, increase, avg, ratio, sum, max, min"},
        {"1 + ", "column 5: the expression ends where a series, a function or a number"},
        {"rate(x", "column 7: the expression ends where ')' is expected"},
        {"rate(x[5m])", "column 7: no time range here"},
        {"rate(rate(x))", "column 10: a series is expected here, not a function"},
        {"rate(2)", "column 6: the name of a series is expected here"},
        {"ratio(a)", "column 8: ',' is expected here"},
        {"x{code}", "column 7: one of = != =~ !~"},
        {"x{code=5}", "column 8: a text in quotes"},
        {"x{code=\"5}", "column 8: this text has no closing quote"},
        {"x{code=~\"(5\"}", "column 9: missing )"},
        {"x{code=~\"5\\d\"}", "column 11: only"},
        {"x{a=\"1\" b=\"2\"}", "column 9: ',' or '}'"},
        {"x{9a=\"1\"}", "column 3: the name of a label"},
        {"x y", "column 3: an operator (+ - * /) or the end"},
        {"x)", "column 2: an operator (+ - * /) or the end"},
        {"-x", "column 1: a series, a function or a number"},
        {"1e999", "column 1: a number"},
    };
    for (auto const& [text, message] : mistakes) {
        auto const result = parse_metrics_expression(text);
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, Errc::invalid);
        EXPECT_TRUE(result.error().message.starts_with(message))
            << text << ": " << result.error().message;
    }
}

TEST(MetricsExpression, HasLimits) {
    EXPECT_TRUE(parse_metrics_expression(std::string(19, '(') + "x" + std::string(19, ')')));
    EXPECT_FALSE(parse_metrics_expression(std::string(20, '(') + "x" + std::string(20, ')')));
    EXPECT_FALSE(parse_metrics_expression(std::string(1001, ' ')));
    std::string many = "x";
    for (int count = 1; count < 16; ++count) {
        many += "+x";
    }
    EXPECT_TRUE(parse_metrics_expression(many));
    EXPECT_FALSE(parse_metrics_expression(many + "+x"));
}

}  // namespace
}  // namespace muster
