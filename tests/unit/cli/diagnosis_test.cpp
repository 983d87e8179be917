#include <cli/doctor/diagnosis.hpp>

#include <gtest/gtest.h>

#include <cli/doctor/hub_checks.hpp>

namespace muster {
namespace {

TEST(Diagnosis, IsALineWithWhatToDo) {
    EXPECT_EQ(diagnosis_line({"journal", Finding::ok, "opens", {}}, false),
              "ok    journal       opens\n");
    EXPECT_EQ(diagnosis_line({"listen", Finding::failure, "taken", "choose another"}, true),
              "\x1b[31mfail\x1b[0m  listen        taken\n"
              "                    -> choose another\n");
}

TEST(Diagnosis, EndsWithTheWorst) {
    std::vector<Diagnosis> all{{"a", Finding::ok, "x", {}}};
    EXPECT_EQ(diagnosis_exit_code(all), 0);
    all.push_back({"b", Finding::failure, "y", "z"});
    all.push_back({"c", Finding::warning, "y", {}});
    EXPECT_EQ(diagnosis_exit_code(all), 2);
    EXPECT_EQ(summary_line(all), "3 tests: 1 ok, 1 warn, 1 fail\n");
    EXPECT_EQ(diagnoses_json(all),
              R"({"healthy":false,"findings":[{"part":"a","finding":"ok","what":"x"},)"
              R"({"part":"b","finding":"fail","what":"y","advice":"z"},)"
              R"({"part":"c","finding":"warn","what":"y"}]})");
}

TEST(Diagnosis, KnowsAClockThatCannotBeRight) {
    EXPECT_EQ(clock_diagnosis(*parse_rfc3339("2026-11-22T05:00:00Z")).finding, Finding::ok);
    EXPECT_EQ(clock_diagnosis(*parse_rfc3339("1970-01-01T00:00:05Z")).finding, Finding::failure);
    auto const ours = *parse_rfc3339("2026-11-22T05:00:00Z");
    EXPECT_EQ(clocks_diagnosis(ours, ours + 1s).finding, Finding::ok);
    auto const apart = clocks_diagnosis(ours, ours - 90s);
    EXPECT_EQ(apart.finding, Finding::warning);
    EXPECT_EQ(apart.what, "it is 90s behind this machine's");
}

}  // namespace
}  // namespace muster
