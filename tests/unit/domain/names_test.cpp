#include <muster/domain/names.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace muster {
namespace {

using namespace std::string_view_literals;

TEST(Names, StartWithALetterOrDigitAndGoOnWithoutDots) {
    for (std::string_view const name : {"a", "Z9", "0", "email-blast", "a_b", "a-", "status"}) {
        EXPECT_TRUE(is_valid_name(name)) << name;
    }
    for (std::string_view const name :
         {""sv, "-a"sv, "_a"sv, "a.b"sv, "a b"sv, "a/b"sv, "\xC3\xA4"sv, "a\0"sv, "a:b"sv}) {
        EXPECT_FALSE(is_valid_name(name)) << name;
    }
}

TEST(Names, HaveAtMost100Characters) {
    EXPECT_TRUE(is_valid_name(std::string(100, 'a')));
    EXPECT_FALSE(is_valid_name(std::string(101, 'a')));
}

TEST(Names, AProjectIsNotCalledStatusAndNotOnlyDigits) {
    EXPECT_TRUE(is_valid_project_name("shop"));
    EXPECT_TRUE(is_valid_project_name("42a"));
    EXPECT_TRUE(is_valid_project_name("4-2"));
    EXPECT_TRUE(is_valid_project_name("Status"));
    EXPECT_FALSE(is_valid_project_name("status"));
    EXPECT_FALSE(is_valid_project_name("42"));
    EXPECT_FALSE(is_valid_project_name(""));
}

}  // namespace
}  // namespace muster
