#include <muster/importing/gatus_text.hpp>

#include <gtest/gtest.h>

namespace muster::importing {
namespace {

struct Spelling {
    char const* gatus;
    char const* ours;
};

TEST(GatusTexts, KeepVariablesAndDollars) {
    config::Environment const none;
    GatusTexts texts(none);
    for (auto const& [gatus, ours] : {
             Spelling{"plain", "plain"},
             Spelling{"${A}-$B/x", "${A}-${B}/x"},
             Spelling{"$$5", "$5"},
             Spelling{"$${A}", "$${A}"},
             Spelling{"5$ and $", "5$ and $"},
             Spelling{"^a$", "^a$"},
             Spelling{"${A:-b}$1$*", ""},
             Spelling{"${A", "A"},
         }) {
        EXPECT_EQ(texts.ours(gatus), ours) << gatus;
    }
    EXPECT_TRUE(texts.renamed().empty());
    EXPECT_FALSE(texts.dropped_dollar());
}

TEST(GatusTexts, VariablesThatMusterReadsGetAnotherName) {
    config::Environment const none;
    GatusTexts texts(none);
    EXPECT_EQ(texts.ours("http://h:${PORT}"), "http://h:${IMPORTED_PORT}");
    EXPECT_EQ(texts.renamed(), std::set<std::string>{"PORT"});
}

TEST(GatusTexts, ADollarBeforeAVariableIsDroppedAndTold) {
    config::Environment const none;
    GatusTexts texts(none);
    EXPECT_EQ(texts.ours("$$$A"), "${A}");
    EXPECT_TRUE(texts.dropped_dollar());
}

TEST(GatusTexts, AreFilledInWhereTheVariableIsKnown) {
    config::Environment const environment{{"A", "x"}};
    GatusTexts const texts(environment);
    EXPECT_EQ(texts.filled_in("$A ${A} ${B} $$A"), "x x ${B} $A");
}

}  // namespace
}  // namespace muster::importing
