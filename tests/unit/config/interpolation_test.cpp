#include <muster/config/interpolation.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster::config {
namespace {

Environment const kEnvironment{{"NAME", "value"}, {"EMPTY", ""}, {"_x1", "${NAME}"}};

std::string filled(std::string_view text) {
    auto const result = fill_in(text, kEnvironment);
    return result ? *result : "error: " + result.error().message;
}

TEST(FillIn, PutsInVariablesAndDefaults) {
    EXPECT_EQ(filled(""), "");
    EXPECT_EQ(filled("plain"), "plain");
    EXPECT_EQ(filled("${NAME}"), "value");
    EXPECT_EQ(filled("a ${NAME} b ${NAME}"), "a value b value");
    EXPECT_EQ(filled("${NONE:-other}"), "other");
    EXPECT_EQ(filled("${NAME:-other}"), "value");
    EXPECT_EQ(filled("${NONE:-}"), "");
    EXPECT_EQ(filled("${NONE:-a:-b}"), "a:-b");
}

TEST(FillIn, AnEmptyVariableIsEmptyButGivesWayToADefault) {
    EXPECT_EQ(filled("[${EMPTY}]"), "[]");
    EXPECT_EQ(filled("${EMPTY:-other}"), "other");
}

TEST(FillIn, WhatWasFilledInIsNotLookedAtAgain) {
    EXPECT_EQ(filled("${_x1}"), "${NAME}");
}

TEST(FillIn, DollarsElsewhereAreThemselves) {
    EXPECT_EQ(filled("$"), "$");
    EXPECT_EQ(filled("$NAME"), "$NAME");
    EXPECT_EQ(filled("5$ {NAME}"), "5$ {NAME}");
    EXPECT_EQ(filled("$${NAME}"), "${NAME}");
    EXPECT_EQ(filled("$$"), "$$");
}

TEST(FillIn, SaysWhatIsWrong) {
    EXPECT_EQ(filled("x ${NONE} y"), "error: ${NONE} is not set: set it or write ${NONE:-default}");
    EXPECT_EQ(filled("${NAME"), "error: '${NAME' lacks its '}'");
    EXPECT_EQ(filled("${}"), "error: '${}' names no variable: write ${NAME} or ${NAME:-default}");
    EXPECT_EQ(filled("${1A}"),
              "error: '${1A}' names no variable: write ${NAME} or ${NAME:-default}");
    EXPECT_EQ(filled("${A-b}"),
              "error: '${A-b}' names no variable: write ${NAME} or ${NAME:-default}");
}

RC_GTEST_PROP(FillInProperty, TextWithoutDollarsStays, ()) {
    auto const text = *rc::gen::container<std::string>(rc::gen::inRange<char>('%', '~'));
    RC_ASSERT(filled(text) == text);
}

}  // namespace
}  // namespace muster::config
