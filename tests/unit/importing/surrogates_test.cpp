#include <muster/importing/surrogates.hpp>

#include <gtest/gtest.h>

namespace muster::importing {
namespace {

TEST(Surrogates, PairsBecomeTheirCharacter) {
    EXPECT_EQ(without_surrogates(R"("a\ud83d\uDED2b")"),
              "\"a\xF0\x9F\x9B\x92"
              "b\"");
    EXPECT_EQ(without_surrogates(R"("\uDBFF\uDFFF")"), "\"\xF4\x8F\xBF\xBF\"");
}

TEST(Surrogates, HalvesBecomeAReplacement) {
    EXPECT_EQ(without_surrogates(R"("\ud83d")"), "\"\xEF\xBF\xBD\"");
    EXPECT_EQ(without_surrogates(R"("\udc00\ud83d")"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EXPECT_EQ(without_surrogates(R"("\ud83dx")"), "\"\xEF\xBF\xBDx\"");
}

TEST(Surrogates, EverythingElseStays) {
    for (auto const* text : {R"("\u00e4 \\ud83d \\\" \/")", "", "\\", R"("\u12)", R"(\uD8)"}) {
        EXPECT_EQ(without_surrogates(text), text);
    }
}

}  // namespace
}  // namespace muster::importing
