#include <gtest/gtest.h>

#include <cli/manual/completion.hpp>
#include <cli/manual/manual_page.hpp>

namespace muster {
namespace {

CommandTree tree() {
    CommandOption const json{{"--json"}, "Print 'JSON'", {}, {}, false, false};
    CommandOption const type{{"-t", "--type"}, "What it is", "TEXT", {"web", "api"}, false, false};
    CommandOption const file{{"--file"}, "A file\nof services", "FILE", {}, false, false};
    CommandOption const shell{{"SHELL"}, "Which", "TEXT", {"bash", "zsh"}, true, false};
    CommandTree list{"list", "List them", {json, type}, {}, {}};
    CommandTree add{"add", "Add one\n.or more", {file}, {shell}, {}};
    CommandTree services{"services", "Services", {}, {}, {list, add}};
    return {"tool", "A tool.", {json}, {}, {services}};
}

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

TEST(Completion, OffersInBashWhatEachCommandTakes) {
    auto const script = completion_script(tree(), Shell::bash);
    EXPECT_TRUE(has(script, "'tool') words='services --json' ;;")) << script;
    EXPECT_TRUE(has(script, "'tool services') words='list add' ;;"));
    EXPECT_TRUE(has(script, "'tool services list') words='--json -t --type' ;;"));
    EXPECT_TRUE(has(script, "'tool services add') words='--file bash zsh' ;;"));
    EXPECT_TRUE(has(script, "'tool services list --type') COMPREPLY=($(compgen -W 'web api'"));
    EXPECT_TRUE(has(script, "'tool services add --file') COMPREPLY=($(compgen -f"));
    EXPECT_TRUE(has(script, "complete -F _tool tool"));
}

TEST(Completion, OffersInFishWithDescriptions) {
    auto const script = completion_script(tree(), Shell::fish);
    EXPECT_TRUE(
        has(script, "complete -c tool -n '__fish_use_subcommand' -a services -d 'Services'\n"))
        << script;
    EXPECT_TRUE(has(script,
                    "complete -c tool -n '__muster_in services list' -s t -l type -x -a "
                    "'web api' -d 'What it is'\n"));
    EXPECT_TRUE(has(script, "-l json -d 'Print \\'JSON\\''\n"));
    EXPECT_TRUE(has(script, "-l file -r -F -d 'A file'\n"));
}

TEST(ManualPage, HoldsEveryCommandAndEscapesWhatGroffWouldTake) {
    auto const page = manual_page(tree(), "1.2.3");
    EXPECT_TRUE(has(page, ".TH TOOL 1 \"\" \"tool 1.2.3\" \"User Commands\"\n")) << page;
    EXPECT_TRUE(has(page, ".SS tool services list\n"));
    EXPECT_TRUE(has(page, "\\fB\\-t\\fR, \\fB\\-\\-type\\fR \\fIweb|api\\fR\n"));
    EXPECT_TRUE(has(page, "Add one\n.br\n\\&.or more\n"));
    EXPECT_TRUE(has(page, "\\fBtool services add\\fR [\\fIOPTION\\fR\\&...] \\fISHELL\\fR\n"));
    EXPECT_FALSE(has(page, ".SS tool services\n")) << "a command that only holds others";
}

}  // namespace
}  // namespace muster
