#include <muster/importing/imported.hpp>

#include <gtest/gtest.h>

#include <muster/config/dotenv.hpp>

namespace muster::importing {
namespace {

TEST(Note, IsOneLineWithItsPlace) {
    Note note{Weight::partly, {"g.yaml", 12, "core/api"}, "[IP] == 1", "is left out", "do without"};
    EXPECT_EQ(to_text(note), "g.yaml:12: core/api: [IP] == 1: is left out; do without");
    note.origin.line = 0;
    note.origin.entry = "a\nb";
    note.remedy = "";
    EXPECT_EQ(to_text(note), "g.yaml: a b: [IP] == 1: is left out");
}

TEST(DotenvOf, ReadsBackAsItWas) {
    Imported imported;
    imported.variables = {
        {"A", "plain $x ${y}", "what", false},    {"B", "it's \"$\" \\ here", "what", false},
        {"C", "two\nlines", "what\nelse", false}, {"D", "it's\r\n\ttwo", "what", false},
        {"E", "", "as in the source", true},      {"F", " blanks # and more ", "what", false}};
    auto const dotenv = config::read_dotenv(dotenv_of(imported));
    EXPECT_TRUE(dotenv.warnings.empty());
    ASSERT_EQ(dotenv.variables.size(), 5U);
    for (auto const& variable : imported.variables) {
        if (!variable.from_source) {
            EXPECT_EQ(dotenv.variables.at(variable.name), variable.value);
        }
    }
}

TEST(HasLosses, CountsWhatIsNotInTheFileOnly) {
    Imported imported;
    imported.notes = {{Weight::told, {}, "", "", ""}};
    EXPECT_FALSE(has_losses(imported));
    imported.notes.push_back({Weight::missing, {}, "", "", ""});
    EXPECT_TRUE(has_losses(imported));
}

}  // namespace
}  // namespace muster::importing
