// What is written from the tree of commands.

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

/// The words of every command that does something, as the manual page heads them.
std::vector<Words> all_commands(std::string const& page) {
    std::vector<Words> commands;
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string request;
        std::string program_name;
        words >> request >> program_name;
        if (request == ".SS") {
            Words command;
            for (std::string word; words >> word;) {
                command.push_back(word);
            }
            commands.push_back(command);
        }
    }
    return commands;
}

TEST(MusterMan, IsTheManualPageInTheTree) {
    auto const page = run_muster({"man"}, "/");
    ASSERT_EQ(page.code, 0);
    std::ifstream file(std::string(MUSTER_SOURCE_DIR) + "/docs/man/muster.1");
    std::string const kept(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(page.output, kept) << "write it anew: muster man > docs/man/muster.1";
}

TEST(MusterMan, IsReadByMan) {
    if (!std::filesystem::exists("/usr/bin/groff")) {
        GTEST_SKIP() << "no groff here";
    }
    ChildProcess::Options options;
    options.folder = MUSTER_SOURCE_DIR;
    ChildProcess groff("/usr/bin/groff", {"-man", "-Tascii", "-ww", "-P-cbu", "docs/man/muster.1"},
                       options);
    EXPECT_EQ(groff.wait_for_end(), 0);
    EXPECT_TRUE(holds(groff.output(), "SYNOPSIS"));
    EXPECT_FALSE(holds(groff.output(), "warning:")) << groff.output();
}

TEST(EveryCommand, HasItsHelpAndRefusesWhatItDoesNotKnow) {
    auto const commands = all_commands(run_muster({"man"}, "/").output);
    ASSERT_GE(commands.size(), 15U);
    for (auto const& command : commands) {
        auto help = command;
        help.emplace_back("--help");
        auto const told = run_muster(help, "/");
        EXPECT_EQ(told.code, 0) << command.front();
        EXPECT_TRUE(holds(told.output, "--help")) << told.output;
        auto wrong = command;
        wrong.emplace_back("--no-such-option");
        EXPECT_EQ(run_muster(wrong, "/").code, 3) << command.front();
    }
}

TEST(MusterCompletion, CompletesInARealBash) {
    ChildProcess::Options options;
    options.environment["MUSTER"] = program("muster").string();
    auto const complete = [&](std::string const& words, int at) {
        ChildProcess bash("/bin/bash",
                          {"-c", "source <(\"$MUSTER\" completion bash); COMP_WORDS=(" + words +
                                     "); COMP_CWORD=" + std::to_string(at) +
                                     "; _muster; echo \"${COMPREPLY[@]}\""},
                          options);
        EXPECT_EQ(bash.wait_for_end(), 0) << bash.output();
        return bash.output();
    };
    EXPECT_EQ(complete("muster servi", 1), "services\n");
    EXPECT_EQ(complete("muster services wh", 2), "why\n");
    EXPECT_EQ(complete("muster services list --typ", 3), "--type\n");
    EXPECT_EQ(complete("muster services list --type da", 4), "database\n");
    EXPECT_EQ(complete("muster events --follow --sev", 3), "--severity\n");
    EXPECT_EQ(complete("muster completion z", 2), "zsh\n");
}

TEST(MusterCompletion, IsWrittenForEachShell) {
    for (std::string const shell : {"bash", "zsh", "fish"}) {
        auto const script = run_muster({"completion", shell}, "/");
        EXPECT_EQ(script.code, 0);
        EXPECT_TRUE(holds(script.output, "maintenance")) << shell;
    }
    EXPECT_EQ(run_muster({"completion", "csh"}, "/").code, 3);
}

}  // namespace
}  // namespace muster::e2e
