#include <muster/monitoring/probe_figures.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

Outcome outcome(Verdict verdict, Micros took) {
    Outcome result;
    result.verdict = verdict;
    result.response_time = took;
    return result;
}

TEST(ProbeFigures, CountsByKindAndOutcome) {
    ProbeFigures figures;
    figures.count("tcp", outcome(Verdict::failed, Millis(3)));
    figures.count("http", outcome(Verdict::passed, Millis(3)));
    figures.count("http", outcome(Verdict::passed, Millis(4)));
    figures.count("http", outcome(Verdict::not_counted, Millis(5'000)));
    FigureSheet sheet;
    figures.append_to(sheet);

    auto const& counts = sheet.families().at("muster_probes_total").figures;
    ASSERT_EQ(counts.size(), 6U);
    EXPECT_EQ(counts[0].labels, (std::vector<std::pair<std::string, std::string>>{
                                    {"kind", "http"}, {"outcome", "passed"}}));
    EXPECT_EQ(counts[0].value, 2);
    EXPECT_EQ(counts[1].value, 0);
    EXPECT_EQ(counts[2].value, 1);
    EXPECT_EQ(counts[4].labels[1].second, "failed");
    EXPECT_EQ(counts[4].value, 1);

    auto const& durations = sheet.families().at("muster_probe_duration_seconds").figures;
    ASSERT_EQ(durations.size(), 2U);
    EXPECT_EQ(durations[0].durations->count(), 2U) << "our own failure says nothing about time";
    EXPECT_EQ(durations[0].durations->sum(), Millis(7));
}

}  // namespace
}  // namespace muster
