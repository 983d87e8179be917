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

}  // namespace
}  // namespace muster
