#include <cli/text/text_table.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(TextTable, AlignsByCharactersAndTrimsLines) {
    TextTable table({{"NAME"}, {"TIME", Align::right}, {"NOTE"}});
    table.add({std::string("bücher"), std::string("5 ms"), std::string("")});
    table.add({std::string("x"), std::string("1500 ms"), std::string("slow")});
    EXPECT_EQ(table.text(false),
              "NAME       TIME  NOTE\n"
              "bücher     5 ms\n"
              "x       1500 ms  slow\n");
}

TEST(TextTable, ColoursWordsAndNotTheirBlanks) {
    TextTable table({{"STATUS"}, {"X"}});
    table.add({{"up", Tone::good}, std::string("1")});
    EXPECT_EQ(table.text(true), "STATUS  X\n\x1b[32mup\x1b[0m      1\n");
    EXPECT_EQ(table.text(false), "STATUS  X\nup      1\n");
}

}  // namespace
}  // namespace muster
