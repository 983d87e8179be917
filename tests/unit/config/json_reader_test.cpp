#include <muster/config/json_reader.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/base/utf8.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/config/yaml_reader.hpp>

namespace muster::config {
namespace {

/// The tree in one line: texts in quotes, plain words without.
std::string shown(YamlNode node) {
    switch (node.kind()) {
        case NodeKind::nothing:
            return "nothing";
        case NodeKind::scalar:
            return node.is_plain() ? std::string(node.text())
                                   : "'" + std::string(node.text()) + "'";
        case NodeKind::list:
        case NodeKind::map:
            break;
    }
    std::string out = node.kind() == NodeKind::list ? "[" : "{";
    for (auto const inside : node) {
        out += (out.size() > 1 ? " " : "") + shown(inside);
    }
    return out + (node.kind() == NodeKind::list ? "]" : "}");
}

std::string read(std::string_view text) {
    auto const tree = read_json(text, "f");
    return tree ? shown(tree->root()) : to_text(tree.error().front());
}

TEST(JsonReader, ReadsValuesAsTheyAreWritten) {
    EXPECT_EQ(read(R"( {"a":[1,-2.5e+3,"x",true,false,null],"b":{},"c":[] } )"),
              "{'a' [1 -2.5e+3 'x' true false nothing] 'b' {} 'c' []}");
    EXPECT_EQ(read("0"), "0");
    EXPECT_EQ(read("\"12\""), "'12'");
    EXPECT_EQ(read("\t[ 1 ,\r\n 2 ]\n"), "[1 2]");
}

TEST(JsonReader, ReadsEscapesAndSurrogatePairs) {
    EXPECT_EQ(read(R"("\"\\\/\b\f\n\r\t")"), "'\"\\/\b\f\n\r\t'");
    EXPECT_EQ(read(R"("\u00e4\u20AC\ud83d\udc0d\u0041")"),
              "'\xC3\xA4\xE2\x82\xAC\xF0\x9F\x90\x8D"
              "A'");
    EXPECT_EQ(read("\"\xC3\xA4\""), "'\xC3\xA4'");
    EXPECT_EQ(read(R"("\u0000x")"), "'" + std::string("\0x", 2) + "'");
}

TEST(JsonReader, KnowsThePlacesOfWhatItRead) {
    auto const tree = read_json("{\"a\": 1,\n  \"b\": [\"x\"]}", "f").value();
    auto at = tree.root().begin();
    ++at;
    ++at;
    EXPECT_EQ((*at).line(), 2);
    EXPECT_EQ((*at).column(), 3);
    ++at;
    EXPECT_EQ((*(*at).begin()).column(), 9);
}

TEST(JsonReader, SaysWhatIsNoJsonAndWhere) {
    for (auto const& [text, mistake] : std::vector<std::pair<std::string_view, std::string>>{
             {"", "f:1:1: a value is missing"},
             {"{", "f:1:2: a key in double quotes is missing"},
             {"{'a':1}", "f:1:2: a key in double quotes is missing"},
             {"{a: 1}", "f:1:2: a key in double quotes is missing"},
             {"{\"a\" 1}", "f:1:6: ':' is missing"},
             {"{\"a\":}", "f:1:6: a value is missing"},
             {"{\"a\":1,}", "f:1:8: a key in double quotes is missing"},
             {"{\"a\":1\n \"b\":2}", "f:2:2: ',' or '}' is missing"},
             {"[1 2]", "f:1:4: ',' or ']' is missing"},
             {"[1,]", "f:1:4: a value is missing"},
             {"[", "f:1:2: a value is missing"},
             {"yes", "f:1:1: this is no value: a text goes into double quotes"},
             {"01", "f:1:1: this is no value: a text goes into double quotes"},
             {"+1", "f:1:1: this is no value: a text goes into double quotes"},
             {"1.", "f:1:1: this is no value: a text goes into double quotes"},
             {"1e", "f:1:1: this is no value: a text goes into double quotes"},
             {".5", "f:1:1: this is no value: a text goes into double quotes"},
             {"-", "f:1:1: this is no value: a text goes into double quotes"},
             {"nul", "f:1:1: this is no value: a text goes into double quotes"},
             {"1 2", "f:1:3: something follows behind its end"},
             {"{} # comment", "f:1:4: something follows behind its end"},
             {"\"abc", "f:1:1: a text does not end"},
             {"\"a\nb\"", "f:1:3: a control character stands in a text: escape it"},
             {R"("\x")", "f:1:2: there is no such escape"},
             {"\"\\", "f:1:2: there is no such escape"},
             {R"("\u12g4")", R"(f:1:2: \u wants four hexadecimal digits)"},
             {R"("\ud83d")", "f:1:2: half of a surrogate pair stands alone"},
             {R"("\ud83dA")", "f:1:2: half of a surrogate pair stands alone"},
             {R"("\udc0d")", "f:1:2: half of a surrogate pair stands alone"},
             {"\"\xFF\"", "f: this is not UTF-8"}}) {
        EXPECT_EQ(read(text), mistake) << text;
    }
}

TEST(JsonReader, BoundsTheDepth) {
    EXPECT_EQ(read(std::string(kMaxDepth, '[') + std::string(kMaxDepth, ']')).size(),
              2 * kMaxDepth);
    EXPECT_EQ(read(std::string(100'000, '[')), "f:1:33: nested more than 32 levels deep");
}

RC_GTEST_PROP(JsonReaderProperty, WhatOurWriterWritesIsRead, (std::string const& bytes)) {
    auto const text = clean_text(bytes) + "\n\x7F\t";
    std::string json;
    append_json_string(json, text);
    RC_ASSERT(read(json) == "'" + text + "'");
}

}  // namespace
}  // namespace muster::config
