#include <cli/unknown_command.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(UnknownCommand, NamesTheNearestOne) {
    std::vector<std::string_view> const commands{"up", "check", "config"};
    EXPECT_EQ(unknown_command("muster", "chek", commands),
              "muster has no command 'chek': did you mean 'check'?");
    EXPECT_EQ(unknown_command("muster", "conf", commands),
              "muster has no command 'conf': did you mean 'config'?");
}

TEST(UnknownCommand, NamesAllWhereNoneIsNear) {
    std::vector<std::string_view> const commands{"check", "plan", "show"};
    EXPECT_EQ(unknown_command("muster config", "http://h\n", commands),
              "muster config has no command 'http://h ': it has check, plan, show (muster config "
              "--help tells what they do)");
}

TEST(UnknownCommand, SaysHowHelpIsAskedFor) {
    std::vector<std::string_view> const commands{"check", "show"};
    EXPECT_EQ(unknown_command("muster", "help", commands),
              "muster has no command 'help': muster --help tells what there is");
}

TEST(UnknownOption, NamesTheNearestElseAll) {
    std::vector<std::string_view> const options{"--help", "--version"};
    EXPECT_EQ(unknown_option("muster", "--versoin", options),
              "muster has no option '--versoin': did you mean '--version'?");
    EXPECT_EQ(unknown_option("muster", "--bogus", options),
              "muster has no option '--bogus': it has --help, --version (muster --help tells what "
              "they do)");
}

TEST(MissingCommand, SaysWhichThereAre) {
    std::vector<std::string_view> const commands{"check", "show"};
    EXPECT_EQ(missing_command("muster config", commands),
              "muster config wants a command: one of check, show (muster config --help tells what "
              "they do)");
}

}  // namespace
}  // namespace muster
