#include <muster/importing/variable_names.hpp>

#include <gtest/gtest.h>

namespace muster::importing {
namespace {

TEST(VariableNames, SayWhatTheyAreFor) {
    VariableNames names;
    EXPECT_EQ(names.name_for("s1", {"core", "api-1", "X-Api-Key"}, "header"),
              "CORE_API_1_X_API_KEY");
    EXPECT_EQ(names.name_for("s2", {"core", "api_1", "X.Api.Key"}, "header"),
              "CORE_API_1_X_API_KEY_2");
    EXPECT_EQ(names.name_for("s1", {"other", "place"}, "header"), "CORE_API_1_X_API_KEY");
    EXPECT_EQ(names.name_for("s3", {"404", "x"}, "header"), "SECRET_404_X");
    EXPECT_EQ(names.name_for("s4", {"db", "password"}, "password"), "DB_PASSWORD_2");
    ASSERT_NE(names.secret_of("SECRET_404_X"), nullptr);
    EXPECT_EQ(*names.secret_of("SECRET_404_X"), "s3");
    EXPECT_EQ(names.secret_of("PATH"), nullptr);
}

TEST(VariableNames, OfTheSourceAreNotTaken) {
    VariableNames names;
    names.reserve("CORE_API_TOKEN");
    EXPECT_EQ(names.name_for("s", {"core", "api", "token"}, "token"), "CORE_API_TOKEN_2");
}

TEST(VariablesIn, AreThoseThatAreFilledIn) {
    EXPECT_EQ(variables_in("${A} $${B} ${C} $D $ ${"), (std::vector<std::string>{"A", "C"}));
    EXPECT_EQ(variables_in(""), std::vector<std::string>{});
}

}  // namespace
}  // namespace muster::importing
