#include <muster/api/bearer.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

std::string why(std::string authorization) {
    Request request;
    request.authorization = std::move(authorization);
    return std::string(why_not_authorized(request, "s3cret").value_or(""));
}

TEST(Bearer, TakesTheTokenWhateverTheCaseOfTheScheme) {
    EXPECT_EQ(why("Bearer s3cret"), "");
    EXPECT_EQ(why("bearer \t s3cret "), "");
}

TEST(Bearer, TellsWhatIsMissingOrWrong) {
    for (auto const* missing : {"", "s3cret", "Basic s3cret", "Bearer", "Bearers3cret"}) {
        EXPECT_EQ(why(missing), "Authorization: Bearer <MUSTER_TOKEN> is missing") << missing;
    }
    for (auto const* wrong : {"Bearer ", "Bearer s3cre", "Bearer S3cret", "Bearer s3cret s3cret"}) {
        EXPECT_EQ(why(wrong), "the token is wrong") << wrong;
    }
}

TEST(Bearer, ARefusalSaysWhatIsAskedFor) {
    auto const response = refuse_unauthorized("the token is wrong", WallTime{});
    EXPECT_EQ(response.status, 401U);
    EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer");
    EXPECT_NE(response.body.text().find(R"("code":"UNAUTHORIZED")"), std::string::npos);
}

TEST(Bearer, ComparesWholeTexts) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abcabc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcabc"));
    EXPECT_FALSE(equal_in_constant_time("abc", ""));
    EXPECT_FALSE(equal_in_constant_time("", "abc"));
}

}  // namespace
}  // namespace muster
