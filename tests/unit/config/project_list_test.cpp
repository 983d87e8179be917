#include <muster/config/project_list.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

/// `name health-url metrics-url` of each project, or the mistakes.
std::vector<std::string> listed(std::string_view text) {
    std::vector<std::string> out;
    auto const projects = parse_project_list(text, {});
    if (!projects) {
        for (auto const& mistake : projects.error()) {
            out.push_back(to_text(mistake));
        }
        return out;
    }
    for (auto const& project : *projects) {
        out.push_back(project.name + " " + target_of(project.services.front().probe) + " " +
                      to_text(project.metrics->url));
    }
    return out;
}

using Lines = std::vector<std::string>;

TEST(ProjectList, IsSplitAtCommasAndEachAtItsFirstColon) {
    EXPECT_EQ(listed("shop:http://127.0.0.1:3010,blog:http://[::1]:80/path/"),
              (Lines{"shop http://127.0.0.1:3010/health http://127.0.0.1:3010/metrics",
                     "blog http://[::1]/path/health http://[::1]/path/metrics"}));
}

TEST(ProjectList, BlanksAndEmptyPiecesDoNotMatter) {
    EXPECT_EQ(listed(""), Lines{});
    EXPECT_EQ(listed(" , ,"), Lines{});
    EXPECT_EQ(listed(" shop : http://h ,\n"), (Lines{"shop http://h/health http://h/metrics"}));
}

// Contract, section 10: the exact words.
TEST(ProjectList, SaysWhatIsMalformed) {
    EXPECT_EQ(listed("shop"),
              (Lines{"Invalid project definition: shop. Expected format: name:url"}));
    EXPECT_EQ(listed(":http://h"),
              (Lines{"Invalid project definition: :http://h. Expected format: name:url"}));
    EXPECT_EQ(listed("shop:"),
              (Lines{"Invalid project definition: shop:. Expected format: name:url"}));
}

TEST(ProjectList, GivesAReasonWhereNameOrUrlIsAtFault) {
    EXPECT_EQ(listed("shop:127.0.0.1:3010"),
              (Lines{"Invalid project definition: shop:127.0.0.1:3010. Expected format: name:url "
                     "('127.0.0.1:3010' is no http or https URL: write an absolute one, such as "
                     "http://127.0.0.1:3010/health)"}));
    EXPECT_EQ(
        listed("status:http://h"),
        (Lines{"Invalid project definition: status:http://h. Expected format: name:url ('status' "
               "is reserved: /api/projects/status tells of all projects; choose another name)"}));
    EXPECT_EQ(listed("42:http://h"),
              (Lines{"Invalid project definition: 42:http://h. Expected format: name:url (a name "
                     "has letters, digits, - and _, at most 100, not only digits)"}));
    EXPECT_EQ(
        listed("a:http://h,a:http://i"),
        (Lines{"Invalid project definition: a:http://i. Expected format: name:url ('a' is given "
               "twice)"}));
    EXPECT_EQ(listed("a:https://h"), (Lines{"a https://h/health https://h/metrics"}));
}

TEST(ProjectList, TellsAllMistakesAtOnce) {
    EXPECT_EQ(listed("a,b:http://h,c").size(), 2U);
}

TEST(ProjectList, NeverShowsAPassword) {
    auto const lines = listed("shop:http://user:secret@host:0");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines.front().find("secret"), std::string::npos) << lines.front();
}

}  // namespace
}  // namespace muster::config
