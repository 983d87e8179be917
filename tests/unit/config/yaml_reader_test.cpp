#include <muster/config/yaml_reader.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster::config {
namespace {

/// The tree in one line: scalars in quotes with line and column, `~` for nothing.
std::string shown(YamlNode node) {
    if (node.kind() == NodeKind::nothing) {
        return "~";
    }
    if (node.kind() == NodeKind::scalar) {
        return "'" + std::string(node.text()) + "'@" + std::to_string(node.line()) + ":" +
               std::to_string(node.column());
    }
    bool const is_map = node.kind() == NodeKind::map;
    std::string text;
    for (auto const child : node) {
        text += (text.empty() ? "" : " ") + shown(child);
    }
    return (is_map ? "{" : "[") + text + (is_map ? "}" : "]");
}

std::string read(std::string_view text) {
    auto const tree = read_yaml(text, "f");
    if (tree) {
        return shown(tree->root());
    }
    std::string lines;
    for (auto const& mistake : tree.error()) {
        lines += (lines.empty() ? "" : "\n") + to_text(mistake);
    }
    return lines;
}

TEST(ReadYaml, KeepsOrderKindsAndPlaces) {
    EXPECT_EQ(read("a: 1\nb:\n  - x\n  - { c: 'd e' }\n  -\n"),
              "{'a'@1:1 '1'@1:4 'b'@2:1 ['x'@3:5 {'c'@4:7 'd e'@4:10} ~]}");
    EXPECT_EQ(read("text"), "'text'@1:1");
    EXPECT_EQ(read("[]"), "[]");
    EXPECT_EQ(read("--- {}\n...\n"), "{}");
    EXPECT_EQ(read("a: |\n  two\n  lines\n"), "{'a'@1:1 'two\nlines\n'@1:4}");
}

TEST(ReadYaml, EmptyFilesAreNothing) {
    EXPECT_EQ(read(""), "~");
    EXPECT_EQ(read("\n  \n# only a comment\n"), "~");
    EXPECT_EQ(read("~"), "~");
}

TEST(ReadYaml, WindowsLinesAndAMarkAtTheStartAreFine) {
    EXPECT_EQ(read("\xEF\xBB\xBF"
                   "a: b\r\nc: d\r\n"),
              "{'a'@1:1 'b'@1:4 'c'@2:1 'd'@2:4}");
}

TEST(ReadYaml, JsonIsYaml) {
    EXPECT_EQ(read(R"({"a": [1, true, null, "x\ny"], "b": {}})"),
              "{'a'@1:2 ['1'@1:8 'true'@1:11 ~ 'x\ny'@1:23] 'b'@1:32 {}}");
    EXPECT_EQ(read("{\n\t\"a\": 1,\n\t\"b\": [\n\t\t2\n\t]\n}\n"),
              "{'a'@2:2 '1'@2:7 'b'@3:2 ['2'@4:3]}");
    EXPECT_EQ(read(R"({"a":"b","c":1})"), "{'a'@1:2 'b'@1:6 'c'@1:10 '1'@1:14}");
    EXPECT_EQ(read(R"(["\u00e4\/"])"), "['\xC3\xA4/'@1:2]");
}

TEST(ReadYaml, SaysWhereItIsNoYaml) {
    EXPECT_EQ(read("a: b\nc: [1, 2\n").substr(0, 14), "f:3:1: no YAML");
    EXPECT_EQ(read("a: b: c\n").substr(0, 14), "f:1:5: no YAML");
    EXPECT_EQ(read("a:\n  - b\n c: d\n").substr(0, 11), "f:3:2: no Y");
}

TEST(ReadYaml, AQuoteThatNeverClosesDoesNotSwallowTheRest) {
    for (std::string_view const text :
         {"a: 'open\n", "a: \"open\nb: c\n", "a: 'open\n\n\n", "a: 'open", "[\"a\", \"b\n]"}) {
        EXPECT_NE(read(text).find("no YAML"), std::string::npos) << read(text);
    }
}

TEST(ReadYaml, TheEndOfTheTextIsNotTouched) {
    EXPECT_EQ(read("a: |\n  b\n"), "{'a'@1:1 'b\n'@1:4}");
    EXPECT_EQ(read("a: |+\n  b\n\n"), "{'a'@1:1 'b\n\n'@1:4}");
    EXPECT_EQ(read("a: |-\n  b"), "{'a'@1:1 'b'@1:4}");
    EXPECT_EQ(read("a: b # c"), "{'a'@1:1 'b'@1:4}");
    EXPECT_EQ(read("a: b\n...\n# end"), "{'a'@1:1 'b'@1:4}");
}

TEST(ReadYaml, WhatIsNotWrittenHasThePlaceWhereItIsMissing) {
    auto const places = [](std::string_view text) {
        auto const tree = read_yaml(text, "f").value();
        std::string out;
        for (auto const child : tree.root()) {
            if (child.kind() == NodeKind::nothing) {
                out += std::to_string(child.line()) + ":" + std::to_string(child.column()) + " ";
            }
        }
        return out;
    };
    EXPECT_EQ(places("a:\n\n# comment\n\nb: ~\nc:   # why\nd: null\ne:\n\n"),
              "1:2 5:4 6:2 7:4 8:2 ");
    EXPECT_EQ(places("- a\n-\n\n-   \n- [\n  ]\n-"), "2:1 4:1 7:1 ");
    EXPECT_EQ(places("{ a: , b: }"), "1:4 1:9 ");
    EXPECT_EQ(places("a:\nnext: 1\n"), "1:2 ");
}

TEST(ReadYaml, RefusesWhatWouldBeReadInSeveralWays) {
    EXPECT_EQ(read("a: &x 1\nb: *x\n"),
              "f:1:4: anchors (&name) are not supported: write the value out where it is used\n"
              "f:2:4: aliases (*name) are not supported: write the value out");
    EXPECT_EQ(read("a: !!str 1\n"), "f:1:4: tags (!name) are not supported: write the value alone");
    EXPECT_EQ(read("a: 1\n---\nb: 2\n"),
              "f:2:1: a second document starts here: the configuration is one");
}

TEST(ReadYaml, RefusesBytesThatAreNoText) {
    EXPECT_EQ(read("a: 1\nb: \x04\nc: d\n"), "f:2:4: a control character stands here: take it out");
    EXPECT_EQ(read(std::string_view("a: \0", 4)),
              "f:1:4: a control character stands here: take it out");
    EXPECT_EQ(read("a: 1\nb: \xE4\n"), "f:2: this line is not UTF-8: save the file as UTF-8");
    EXPECT_EQ(read(std::string_view("\xFF\xFE"
                                    "a\0",
                                    4)),
              "f:1:4: a control character stands here: take it out");
}

TEST(ReadYaml, RefusesCharactersThatCannotBeSeen) {
    EXPECT_EQ(read("a: 1\nb: \xC3\xA4\xE2\x80\xA8"
                   "c\n"),
              "f:2:6: a character that cannot be seen stands here: take it out, or write it as "
              "\\uXXXX in double quotes");
    EXPECT_EQ(read(R"(a: "b\u2028c")"),
              "{'a'@1:1 'b\xE2\x80\xA8"
              "c'@1:4}");
}

TEST(ReadYaml, ColumnsAreBytes) {
    EXPECT_EQ(read("\"\xC3\xA4\xE2\x82\xAC\": [\xC3\xB6, x]\n"),
              "{'\xC3\xA4\xE2\x82\xAC'@1:1 ['\xC3\xB6'@1:11 'x'@1:15]}");
    EXPECT_EQ(read("\xC3\xA4: b: c\n").substr(0, 14), "f:1:6: no YAML");
}

TEST(ReadYaml, ALineEndsWhereBothReadersSay) {
    EXPECT_EQ(read("a: b\rc: d\n"),
              "f:1:5: a carriage return stands inside of a line: end lines by LF or CR LF");
    EXPECT_EQ(read("a:\r\n  - b\r\n"), "{'a'@1:1 ['b'@2:5]}");
}

TEST(ReadYaml, ALongLineIsWalkedOnce) {
    std::string text = "[";
    for (int index = 0; index < 200'000; ++index) {
        text += "a,";
    }
    text += "b]";
    auto const tree = read_yaml(text, "f");
    ASSERT_TRUE(tree);
    int last = 0;
    for (auto const item : tree->root()) {
        last = item.column();
    }
    EXPECT_EQ(last, 400'002) << "and in the test's time";
}

TEST(ReadYaml, NothingHasItsPlaceBehindAByteOrderMarkToo) {
    auto const tree = read_yaml(
        "\xEF\xBB\xBF"
        "a: ~\n",
        "f");
    ASSERT_TRUE(tree);
    EXPECT_EQ((*++tree->root().begin()).column(), 4);
}

TEST(ReadYaml, DepthAndSizeAreBounded) {
    EXPECT_EQ(read(std::string(32, '[') + std::string(32, ']')).front(), '[');
    EXPECT_EQ(read(std::string(33, '[') + std::string(33, ']')),
              "f:1:33: nested more than 32 levels deep");
    EXPECT_NE(read(std::string(100'000, '[')).find("nested more than 32 levels deep"),
              std::string::npos);
    EXPECT_EQ(read(std::string(kMaxFileBytes + 1, ' ')), "f: larger than 64 MiB");
    std::string dashes;
    for (int level = 0; level < 40; ++level) {
        dashes += "- ";
    }
    EXPECT_NE(read(dashes).find("nested more than 32 levels deep"), std::string::npos);
}

RC_GTEST_PROP(ReadYamlProperty, AnyBytesAreReadOrRefused, ()) {
    auto const pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "a", ": ", "- ", "\n", "  ", "{", "}", "[", "]", ",", "'", "\"", "#", "|", ">", "&x ", "*x",
        "!t ", "? ", "---\n", "...", "%", "\t", "\xC3\xA4", "<<", "~", "\\", ":"));
    std::string text;
    for (auto const& piece : pieces) {
        text += piece;
    }
    (void)read(text);
}

/// As read(), of another program's file.
std::string read_foreign(std::string_view text) {
    auto const tree = read_foreign_yaml(text, "f");
    return tree ? shown(tree->root()) : to_text(tree.error().front());
}

TEST(ReadForeignYaml, WritesAliasesOut) {
    EXPECT_EQ(read_foreign("a: &x {b: [1, 2]}\nc: *x\nd: !tag 3\n"),
              "{'a'@1:1 {'b'@1:8 ['1'@1:12 '2'@1:15]} 'c'@2:1 {'b'@1:8 ['1'@1:12 '2'@1:15]} "
              "'d'@3:1 '3'@3:4}");
    EXPECT_EQ(read_foreign("[&x 1, *x, &x 2, *x, &y ~, *y]"),
              "['1'@1:2 '1'@1:2 '2'@1:12 '2'@1:12 ~ ~]");
    EXPECT_EQ(read_foreign("[&x [1, [2]], [*x], [*x, 3]]"),
              "[['1'@1:6 ['2'@1:10]] [['1'@1:6 ['2'@1:10]]] [['1'@1:6 ['2'@1:10]] '3'@1:26]]");
}

TEST(ReadForeignYaml, TakesCharactersThatCannotBeSeenForBlanks) {
    EXPECT_EQ(read_foreign("{\"a\": \"b\xEF\xBB\xBF"
                           "c\", \"d\": 1}"),
              "{'a'@1:2 'b   c'@1:7 'd'@1:16 '1'@1:21}");
}

TEST(ReadForeignYaml, RefusesAliasesWithoutAnEnd) {
    EXPECT_EQ(read_foreign("a: &x\n  b: *x\n"),
              "f:2:6: this alias stands inside of what it names: it has no end");
    EXPECT_NE(read_foreign("a: *nowhere\n").find("f:1:4: no YAML"), std::string::npos);
    std::string deep = "a0: &a0 [1]\n";
    for (int level = 1; level < 40; ++level) {
        deep += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [*a" +
                std::to_string(level - 1) + "]\n";
    }
    EXPECT_EQ(read_foreign(deep), "f:32:12: nested more than 32 levels deep");
    std::string wide = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n";
    for (int level = 1; level < 8; ++level) {
        auto const before = "*a" + std::to_string(level - 1);
        wide += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + before;
        for (int copy = 1; copy < 10; ++copy) {
            wide += ", " + before;
        }
        wide += "]\n";
    }
    EXPECT_NE(read_foreign(wide).find("more than 2000000 values with its aliases written out"),
              std::string::npos);
}

}  // namespace
}  // namespace muster::config
