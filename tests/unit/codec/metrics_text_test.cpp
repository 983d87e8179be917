#include <muster/codec/metrics_text.hpp>

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/testing/strict_exposition.hpp>

namespace muster {
namespace {

TEST(MetricsText, WritesFamiliesByName) {
    FigureSheet sheet;
    sheet.gauge("muster_b", "B.", 2.5, {{"loop", "hub"}});
    sheet.counter("muster_a_total", "A.", 3);
    sheet.gauge("muster_b", "B.", 1e6, {{"loop", "edge"}});
    MetricsText text;
    text.sheet(sheet);
    EXPECT_EQ(text.text(),
              "# HELP muster_a_total A.\n"
              "# TYPE muster_a_total counter\n"
              "muster_a_total 3\n"
              "# HELP muster_b B.\n"
              "# TYPE muster_b gauge\n"
              "muster_b{loop=\"hub\"} 2.5\n"
              "muster_b{loop=\"edge\"} 1000000\n");
    EXPECT_EQ(testing::StrictExposition(text.text()).complaints(), std::vector<std::string>{});
}

TEST(MetricsText, EscapesWhatWouldEndALine) {
    MetricsText text;
    text.family("a", FigureType::gauge, "one\\two\n\"three\"");
    text.figure("a", {{"x", "C:\\dir\n\"q\""}}, 1);
    EXPECT_EQ(text.text(),
              "# HELP a one\\\\two\\n\"three\"\n"
              "# TYPE a gauge\n"
              "a{x=\"C:\\\\dir\\n\\\"q\\\"\"} 1\n");
    testing::StrictExposition const read(text.text());
    EXPECT_TRUE(read.complaints().empty());
    EXPECT_EQ(read.at("a{x=\"C:\\dir\n\"q\"\"}"), 1) << "what is written reads back the same";
}

TEST(MetricsText, WritesNumbersThatReadBackTheSame) {
    MetricsText text;
    for (double const value :
         {0.1, -0.0, 1.0 / 3, 9'007'199'254'740'993.0, 1e300, 5e-324,
          std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
        MetricsText one;
        one.family("a", FigureType::gauge, "A.");
        one.figure("a", {}, value);
        EXPECT_EQ(testing::StrictExposition(one.text()).at("a"), value) << one.text();
    }
    text.figure("a", {}, std::numeric_limits<double>::quiet_NaN());
    text.figure("a", {}, 1234567890123);
    EXPECT_EQ(text.text(), "a NaN\na 1234567890123\n");
}

TEST(MetricsText, WritesHistogramsWithRisingBuckets) {
    DurationHistogram durations;
    durations.record(Micros(50));
    durations.record(Millis(3));
    durations.record(std::chrono::hours(1));
    FigureSheet sheet;
    sheet.durations("muster_wait_seconds", "Waiting.", durations, {{"kind", "http"}});
    sheet.durations("muster_wait_seconds", "Waiting.", DurationHistogram(), {{"kind", "tcp"}});
    MetricsText text;
    text.sheet(sheet);
    testing::StrictExposition const read(text.text());
    EXPECT_EQ(read.complaints(), std::vector<std::string>{});
    EXPECT_EQ(read.types().at("muster_wait_seconds"), "histogram");
    EXPECT_EQ(read.at("muster_wait_seconds_bucket{kind=\"http\",le=\"0.0001\"}"), 1);
    EXPECT_EQ(read.at("muster_wait_seconds_bucket{kind=\"http\",le=\"0.0025\"}"), 1);
    EXPECT_EQ(read.at("muster_wait_seconds_bucket{kind=\"http\",le=\"0.005\"}"), 2);
    EXPECT_EQ(read.at("muster_wait_seconds_bucket{kind=\"http\",le=\"60\"}"), 2);
    EXPECT_EQ(read.at("muster_wait_seconds_bucket{kind=\"http\",le=\"+Inf\"}"), 3);
    EXPECT_DOUBLE_EQ(read.at("muster_wait_seconds_sum{kind=\"http\"}"), 3600.00305);
    EXPECT_EQ(read.at("muster_wait_seconds_count{kind=\"tcp\"}"), 0);
}

TEST(StrictExposition, ComplainsAboutWhatIsWrong) {
    auto const complains = [](std::string_view text) {
        return !testing::StrictExposition(text).complaints().empty();
    };
    std::string const head = "# HELP a A.\n# TYPE a gauge\n";
    EXPECT_FALSE(complains(head + "a 1\n"));
    EXPECT_TRUE(complains(head + "a 1"));
    EXPECT_TRUE(complains("a 1\n"));
    EXPECT_TRUE(complains(head + "a 1\na 2\n"));
    EXPECT_TRUE(complains(head + "a 1\n" + head));
    EXPECT_TRUE(complains(head + "b 1\n"));
    EXPECT_TRUE(complains(head));
    EXPECT_TRUE(complains("# HELP a A.\n# TYPE a counter\na 1\n"));
    EXPECT_TRUE(complains("# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\n"));
    EXPECT_TRUE(
        complains("# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 3\n"
                  "a_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 2\n"));
    EXPECT_TRUE(
        complains("# HELP a A.\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\n"
                  "a_sum 1\na_count 3\n"));
}

}  // namespace
}  // namespace muster
