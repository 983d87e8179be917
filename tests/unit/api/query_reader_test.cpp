#include <muster/api/query_reader.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/domain/event.hpp>

namespace muster {
namespace {

struct Asked {
    explicit Asked(std::string const& query)
        : target(parse_target("/?" + query).value()), reader(target) {}
    Target target;
    QueryReader reader;
};

std::string hours_problem(std::string const& query) {
    Asked asked(query);
    EXPECT_EQ(asked.reader.number("hours", 24, 1, 8760), 24) << query;
    return asked.reader.problem().value_or("none");
}

TEST(QueryReader, ReadsTextAndNumbers) {
    Asked asked("project=shop&limit=7&empty=");
    EXPECT_EQ(asked.reader.text("project"), "shop");
    EXPECT_EQ(asked.reader.text("empty"), std::nullopt);
    EXPECT_EQ(asked.reader.text("missing"), std::nullopt);
    EXPECT_EQ(asked.reader.number("limit", 100, 1, 1000), 7);
    EXPECT_EQ(asked.reader.number("offset", 5, 0, 10), 5);
    EXPECT_EQ(asked.reader.problem(), std::nullopt) << "all of them were asked for";
}

TEST(QueryReader, NamesTheFieldThatIsNoWholeNumberInItsRange) {
    EXPECT_EQ(hours_problem("hours=abc"), "hours must be a whole number from 1 to 8760, not 'abc'");
    for (std::string const value : {"0", "-1", "8761", "1.5", "1e3", "", "24h", " 24", "+24",
                                    "0x10", "99999999999999999999"}) {
        EXPECT_NE(hours_problem("hours=" + value), "none") << value;
    }
}

TEST(QueryReader, NamesTheWordsThatWouldBeRight) {
    Asked asked("severity=bad");
    EXPECT_EQ(asked.reader.choice<Severity>("severity"), std::nullopt);
    EXPECT_EQ(asked.reader.problem(), "severity must be one of info, warning, critical, not 'bad'");
    Asked right("severity=critical");
    EXPECT_EQ(right.reader.choice<Severity>("severity"), Severity::critical);
    EXPECT_EQ(right.reader.problem(), std::nullopt);
}

TEST(QueryReader, RefusesWhatIsGivenTwiceAndKeepsTheFirstProblem) {
    Asked asked("hours=1&hours=2&limit=x");
    (void)asked.reader.number("hours", 24, 1, 8760);
    (void)asked.reader.number("limit", 100, 1, 1000);
    EXPECT_EQ(asked.reader.problem(), "hours must be given once");
}

TEST(QueryReader, RefusesWhatNobodyAskedFor) {
    Asked asked("project=shop&stat=down");
    (void)asked.reader.text("project");
    (void)asked.reader.text("status");
    EXPECT_EQ(asked.reader.problem(), "unknown parameter 'stat': this call takes project, status");
    Asked nothing("x");
    EXPECT_EQ(nothing.reader.problem(), "unknown parameter 'x': this call takes none");
    Asked wrong("limit=x&offse=1");
    (void)wrong.reader.number("limit", 100, 1, 1000);
    EXPECT_EQ(wrong.reader.problem(), "limit must be a whole number from 1 to 1000, not 'x'");
}

TEST(QueryReader, ShowsForeignTextCleanAndShort) {
    EXPECT_EQ(in_quotes("a\nb"), "'a b'");
    EXPECT_LE(in_quotes(std::string(5000, 'x')).size(), 102U);
}

}  // namespace
}  // namespace muster
