#include <muster/stats/figure_sheet.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(FigureSheet, FiguresOfOneNameMakeOneFamily) {
    FigureSheet sheet;
    sheet.counter("jobs_refused_total", "Jobs refused.", 3, {{"lane", "store"}});
    sheet.gauge("clients", "Clients.", 2);
    sheet.counter("jobs_refused_total", "Jobs refused.", 0, {{"lane", "bus"}});
    ASSERT_EQ(sheet.families().size(), 2U);
    auto const& refused = sheet.families().at("jobs_refused_total");
    EXPECT_EQ(refused.type, FigureType::counter);
    ASSERT_EQ(refused.figures.size(), 2U);
    EXPECT_EQ(refused.figures[0].labels.at(0).second, "store");
    EXPECT_EQ(refused.figures[0].value, 3);
    EXPECT_EQ(refused.figures[1].labels.at(0).second, "bus");
}

TEST(FigureSheet, AHistogramIsAFigureToo) {
    DurationHistogram histogram;
    histogram.record(Millis(3));
    FigureSheet sheet;
    sheet.durations("wait_seconds", "Waiting.", histogram, {{"kind", "http"}});
    EXPECT_EQ(sheet.families().at("wait_seconds").figures.at(0).durations, histogram);
}

}  // namespace
}  // namespace muster
