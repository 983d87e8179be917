#include <muster/importing/given_names.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/domain/names.hpp>

namespace muster::importing {
namespace {

TEST(GivenNames, StayAsTheyAreWhereTheyCan) {
    GivenNames names(NameOf::service, "service");
    EXPECT_EQ(names.give("web_1-b"), "web_1-b");
    EXPECT_EQ(names.give("404"), "404");
    EXPECT_EQ(names.give("mail & more"), "mail-more");
    EXPECT_EQ(names.give("  --_x__ - y  "), "x__-y");
    EXPECT_EQ(names.give("https://a.example.org/x?y"), "https-a-example-org-x-y");
}

TEST(GivenNames, AreGivenOnce) {
    GivenNames names(NameOf::service, "service");
    names.reserve("app");
    EXPECT_EQ(names.give("app"), "app-2");
    EXPECT_EQ(names.give("app"), "app-3");
    EXPECT_EQ(names.give("a b"), "a-b");
    EXPECT_EQ(names.give("a/b"), "a-b-2");
    EXPECT_EQ(names.give("a-b-2"), "a-b-2-2");
    EXPECT_EQ(names.give("!!"), "service");
    EXPECT_EQ(names.give(""), "service-2");
}

TEST(GivenNames, OfProjectsAreNotOnlyDigits) {
    GivenNames names(NameOf::project, "project");
    names.reserve("status");
    EXPECT_EQ(names.give("42"), "project-42");
    EXPECT_EQ(names.give("status"), "status-2");
}

TEST(GivenNames, AreWhatMusterTakesWhateverTheTextIs) {
    GivenNames services(NameOf::service, "service");
    GivenNames projects(NameOf::project, "project");
    std::string const long_text(500, 'x');
    std::string const many_digits(300, '7');
    for (int round = 0; round < 12; ++round) {
        for (auto const& text : {std::string("\xC3\xA4\xC3\xB6"), std::string("\xFF\x00z", 3),
                                 long_text, many_digits, std::string("-"), std::string("a-")}) {
            EXPECT_TRUE(is_valid_name(services.give(text)));
            EXPECT_TRUE(is_valid_project_name(projects.give(text)));
        }
    }
}

}  // namespace
}  // namespace muster::importing
