#include <muster/codec/prometheus_text.hpp>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

struct Line {
    std::string name;
    std::vector<std::pair<std::string, std::string>> labels;
    double value{0};
    std::optional<WallTime> timestamp;
    std::size_t line{0};
};

class Visited final : public ExpositionVisitor {
public:
    bool value(SeriesValue const& value) override {
        Line line{std::string(value.name), {}, value.value, value.timestamp, value.line};
        for (auto const& label : value.labels) {
            line.labels.emplace_back(label.name, label.value);
        }
        lines.push_back(std::move(line));
        return lines.size() < enough;
    }
    void help(std::string_view name, std::string_view text) override {
        heads.emplace_back("HELP " + std::string(name), text);
    }
    void type(std::string_view name, std::string_view type) override {
        heads.emplace_back("TYPE " + std::string(name), type);
    }

    std::size_t enough{1'000'000};
    std::vector<Line> lines;
    std::vector<std::pair<std::string, std::string>> heads;
};

Visited read(std::string_view text, ExpositionFormat format = ExpositionFormat::prometheus) {
    Visited visited;
    auto const result = read_exposition(text, format, visited);
    EXPECT_TRUE(result) << text << ": " << (result ? "" : result.error().message);
    return visited;
}

std::string mistake(std::string_view text) {
    Visited visited;
    auto const result = read_exposition(text, ExpositionFormat::prometheus, visited);
    EXPECT_FALSE(result) << text;
    if (result) {
        return {};
    }
    EXPECT_EQ(result.error().code, Errc::invalid);
    return result.error().message;
}

TEST(PrometheusText, ReadsSeriesWithLabelsValuesAndTimestamps) {
    auto const visited = read(
        "# HELP http_requests_total Requests, by \\\\ code.\n"
        "# TYPE http_requests_total counter\n"
        "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
        "http_requests_total{method=\"post\",code=\"400\"}    3 -5\n"
        "\n"
        "# just a comment\n"
        "#\n"
        "up 1\n");
    ASSERT_EQ(visited.lines.size(), 3U);
    auto const& first = visited.lines[0];
    EXPECT_EQ(first.name, "http_requests_total");
    EXPECT_EQ(first.labels, (std::vector<std::pair<std::string, std::string>>{{"method", "post"},
                                                                              {"code", "200"}}));
    EXPECT_EQ(first.value, 1027);
    EXPECT_EQ(first.timestamp, WallTime(Millis(1'395'066'363'000)));
    EXPECT_EQ(first.line, 3U);
    EXPECT_EQ(visited.lines[1].timestamp, WallTime(Millis(-5)));
    EXPECT_EQ(visited.lines[2].name, "up");
    EXPECT_FALSE(visited.lines[2].timestamp);
    ASSERT_EQ(visited.heads.size(), 2U);
    EXPECT_EQ(visited.heads[0].second, "Requests, by \\\\ code.");
    EXPECT_EQ(visited.heads[1],
              (std::pair<std::string, std::string>("TYPE http_requests_total", "counter")));
}

TEST(PrometheusText, ReadsWhatBlanksMayStandAnywhere) {
    auto const visited =
        read("  a:b \t{ x = \"1\" , y=\"2\" , }\t 2.5e3 \t 7 \n # TYPE  a:b  gauge \n");
    ASSERT_EQ(visited.lines.size(), 1U);
    EXPECT_EQ(visited.lines[0].labels.size(), 2U);
    EXPECT_EQ(visited.lines[0].value, 2500);
    EXPECT_EQ(read("a{} 1").lines.at(0).labels.size(), 0U);
}

TEST(PrometheusText, ResolvesEscapesInLabels) {
    auto const visited = read(R"(a{x="C:\\DIR\"q\"\n",y="\d",z="\\",w="plain"} 1)");
    auto const& labels = visited.lines.at(0).labels;
    EXPECT_EQ(labels[0].second, "C:\\DIR\"q\"\n");
    EXPECT_EQ(labels[1].second, "\\d") << "an unknown escape means itself";
    EXPECT_EQ(labels[2].second, "\\");
    EXPECT_EQ(labels[3].second, "plain");
}

TEST(PrometheusText, ReadsNumbersAsGoAndPythonWriteThem) {
    auto const lines =
        read("a NaN\na +Inf\na -Inf\na Inf\na 1e+06\na .5\na +3\na -0.25\na 4.9e-324\n").lines;
    EXPECT_TRUE(std::isnan(lines.at(0).value));
    EXPECT_EQ(lines[1].value, HUGE_VAL);
    EXPECT_EQ(lines[2].value, -HUGE_VAL);
    EXPECT_EQ(lines[3].value, HUGE_VAL);
    EXPECT_EQ(lines[4].value, 1e6);
    EXPECT_EQ(lines[5].value, 0.5);
    EXPECT_EQ(lines[6].value, 3);
    EXPECT_EQ(lines[7].value, -0.25);
    EXPECT_GT(lines[8].value, 0);
}

TEST(PrometheusText, TakesCrLfAndALastLineWithoutEnd) {
    auto const visited = read("# TYPE a gauge\r\na{x=\"1\"} 1\r\n\r\nb 2");
    ASSERT_EQ(visited.lines.size(), 2U);
    EXPECT_EQ(visited.lines[1].value, 2);
    EXPECT_EQ(visited.heads.at(0).second, "gauge");
    EXPECT_TRUE(read("").lines.empty());
}

TEST(PrometheusText, TakesWhatOpenMetricsAdds) {
    auto const visited = read(
        "# TYPE rpc counter\n# UNIT rpc seconds\n# HELP rpc x\n"
        "rpc_total{a=\"1\"} 17 1520879607.789 # {trace_id=\"KOO5 # }\"} 0.5 1520879607.1\n"
        "rpc_created{a=\"1\"} 1.5e9 # {} 1\n"
        "# EOF\nthis is not read\n",
        ExpositionFormat::openmetrics);
    ASSERT_EQ(visited.lines.size(), 2U);
    EXPECT_EQ(visited.lines[0].timestamp, WallTime(Millis(1'520'879'607'789)));
    EXPECT_EQ(visited.lines[1].value, 1.5e9);
}

TEST(PrometheusText, StopsWhenItsVisitorHasEnough) {
    Visited visited;
    visited.enough = 1;
    EXPECT_TRUE(read_exposition("a 1\na nonsense\n", ExpositionFormat::prometheus, visited));
    EXPECT_EQ(visited.lines.size(), 1U);
}

TEST(PrometheusText, NamesLineAndMistake) {
    EXPECT_EQ(mistake("a 1\nb\n"), "line 2: there is no value behind the series");
    EXPECT_EQ(mistake("a one"), "line 1: the value is no number");
    EXPECT_EQ(mistake("a 1 2 3"), "line 1: there is more than a value and a timestamp");
    EXPECT_EQ(mistake("a 1 x"), "line 1: the timestamp is no number");
    EXPECT_EQ(mistake("a 1 NaN"), "line 1: the timestamp is no number");
    EXPECT_EQ(mistake("a 1 1e300"), "line 1: the timestamp is no number");
    EXPECT_EQ(mistake("9a 1"), "line 1: the line does not begin with the name of a metric");
    EXPECT_EQ(mistake("{a=\"1\"} 1"), "line 1: the line does not begin with the name of a metric");
    EXPECT_EQ(mistake("a-b 1"),
              "line 1: the name of the metric has a character that names do not have");
    EXPECT_EQ(mistake("a{x=\"1\" 1"), "line 1: the labels have no closing brace");
    EXPECT_EQ(mistake("a{x=\"1\","), "line 1: the labels have no closing brace");
    EXPECT_EQ(mistake("a{"), "line 1: the labels have no closing brace");
    EXPECT_EQ(mistake("a{x=\"1} 1"), "line 1: the value of a label has no closing quote");
    EXPECT_EQ(mistake("a{x=\"1\\"), "line 1: the value of a label has no closing quote");
    EXPECT_EQ(mistake("a{x=1} 1"), "line 1: the value of a label is not in double quotes");
    EXPECT_EQ(mistake("a{x} 1"), "line 1: a label has no '=' behind its name");
    EXPECT_EQ(mistake("a{:x=\"1\"} 1"), "line 1: a label has no name that is one");
    EXPECT_EQ(mistake("a{,} 1"), "line 1: a label has no name that is one");
    EXPECT_EQ(mistake("# TYPE a\n"), "line 1: one type belongs behind TYPE and the name");
    EXPECT_EQ(mistake("# HELP 9 x\n"),
              "line 1: the name behind HELP or TYPE is no name of a metric");
    EXPECT_EQ(mistake("a 0x1p3"), "line 1: the value is no number");
    EXPECT_EQ(mistake("a +-1"), "line 1: the value is no number");
    EXPECT_EQ(mistake("<html>"), "line 1: the line does not begin with the name of a metric");
}

TEST(PrometheusText, HoldsAgainstWhatIsHostile) {
    std::string labels = "a{";
    for (int count = 0; count < 64; ++count) {
        labels += "l" + std::to_string(count) + "=\"\\n\",";
    }
    EXPECT_EQ(read(labels + "} 1").lines.at(0).labels.size(), 64U);
    EXPECT_EQ(mistake(labels + "x=\"1\"} 1"), "line 1: more labels than a series may have");
    EXPECT_EQ(mistake(std::string(70'000, 'a')), "line 1: the line is too long");
    EXPECT_EQ(mistake(std::string("a\0b 1", 5)),
              "line 1: the name of the metric has a character that names do not have");
    EXPECT_EQ(read(std::string("a{x=\"\0\xff\"} 1", 11)).lines.at(0).labels.at(0).second,
              std::string("\0\xff", 2));
    Visited visited;
    EXPECT_FALSE(read_exposition("a 1\nb 2\n", ExpositionFormat::prometheus, visited, {4, 100}));
    EXPECT_TRUE(visited.lines.empty());
}

}  // namespace
}  // namespace muster
