// Command lines that are wrong, and those that say as little as they may.

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

/// The columns of a table that stand left of the one of that name; all where there is none.
std::string left_of(std::string_view column, std::string_view table) {
    auto const width = table.substr(0, table.find('\n')).find(column);
    std::string left;
    while (!table.empty()) {
        auto const line = table.substr(0, table.find('\n'));
        left.append(line.substr(0, width)).push_back('\n');
        table.remove_prefix(std::min(line.size() + 1, table.size()));
    }
    return left;
}

TEST(MusterUsage, TellsWhatIsWrongAndEndsWithThree) {
    testing::TemporaryFolder const folder;
    struct Mistake {
        Words words;
        char const* told;
    };
    for (auto const& [words, told] :
         {Mistake{{}, "muster wants a command: one of up, check,"},
          Mistake{{"--bogus"}, "muster has no option '--bogus': it has --help, --version"},
          Mistake{{"--versoin"}, "muster has no option '--versoin': did you mean '--version'?"},
          Mistake{{"help"}, "muster has no command 'help': muster --help tells what there is"},
          Mistake{{"chek"}, "muster has no command 'chek': did you mean 'check'?"},
          Mistake{{"config"}, "muster config wants a command: one of check, plan, show"},
          Mistake{{"check", "--jsn"}, "muster check has no option '--jsn': did you mean '--json'?"},
          Mistake{{"services", "lst"}, "muster services has no command 'lst'"},
          Mistake{{"services", "list", "--projekt=shop"}, "did you mean '--project'?"},
          Mistake{{"services", "--projekt", "x"}, "did you mean '--project'?"},
          Mistake{{"check", "--interval", "5s"}, "--interval requires --continuous"},
          Mistake{{"status", "--interval", "5s"}, "--interval requires --watch"},
          Mistake{{"events", "--interval", "5s"}, "--interval requires --follow"},
          Mistake{{"history"}, "PROJECT is required"}}) {
        auto const ended = run_muster(words, folder.path());
        auto const line = words.empty() ? "" : words.back();
        EXPECT_EQ(ended.code, 3) << line << ended.output;
        EXPECT_TRUE(holds(ended.output, told)) << line << ": " << ended.output;
    }
}

TEST(MusterUsage, HelpIsNoMistake) {
    testing::TemporaryFolder const folder;
    for (auto const& words : {Words{"--help"}, Words{"services", "--help"}, Words{"services", "-h"},
                              Words{"services", "list", "--help"}, Words{"config", "--help"}}) {
        auto const ended = run_muster(words, folder.path());
        EXPECT_EQ(ended.code, 0) << ended.output;
        EXPECT_TRUE(holds(ended.output, "Usage:")) << ended.output;
    }
    EXPECT_TRUE(holds(run_muster({"services", "--help"}, folder.path()).output, "register"));
}

TEST(MusterUsage, WithoutMoreServicesAndMaintenanceList) {
    WatchedChat chat;
    auto const services = chat.ask({"services"});
    EXPECT_EQ(services.code, 0) << services.output;
    // From TIME on each answer tells what the newest check saw.
    EXPECT_EQ(left_of("TIME", services.output),
              left_of("TIME", chat.ask({"services", "list"}).output));
    auto const json = chat.ask({"services", "--json", "--project", "chat"});
    EXPECT_EQ(json.output.front(), '[') << json.output;
    EXPECT_TRUE(holds(json.output, R"("project":"chat")")) << json.output;
    EXPECT_EQ(chat.ask({"maintenance"}).code, 0);
}

}  // namespace
}  // namespace muster::e2e
