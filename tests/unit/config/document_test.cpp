#include <muster/config/document.hpp>

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/config/yaml_reader.hpp>

namespace muster::config {
namespace {

using List = Document::List;
using Map = Document::Map;

Document sample() {
    return Map{{"name", "shop"},
               {"empty", Map{}},
               {"none", List{}},
               {"tags", List{"eu", "two words", "on"}},
               {"flag", true},
               {"many", Document::Bare{"12"}},
               {"items", List{Map{{"a", "1"}, {"b", Map{{"c", "x\ny"}}}}, Map{{"a", "2"}}}}};
}

TEST(Document, IsYamlWithAKeyALine) {
    EXPECT_EQ(to_yaml(sample()), R"(name: shop
empty: {}
none: []
tags: [eu, "two words", "on"]
flag: true
many: 12
items:
  - a: "1"
    b:
      c: "x\ny"
  - a: "2"
)");
}

TEST(Document, IsJsonInOneLine) {
    EXPECT_EQ(to_json(sample()),
              R"({"name":"shop","empty":{},"none":[],"tags":["eu","two words","on"],"flag":true,)"
              R"("many":12,"items":[{"a":"1","b":{"c":"x\ny"}},{"a":"2"}]})");
}

RC_GTEST_PROP(DocumentProperty, AnyTextIsReadAsItWasWritten, ()) {
    auto const text = *rc::gen::container<std::string>(rc::gen::oneOf(
        rc::gen::inRange<char>(' ', '~'), rc::gen::element('\n', '\t', '\r', '"', '\\')));
    for (auto const& written : {to_yaml(Map{{"key", text}}), to_json(Map{{"key", text}}),
                                to_yaml(Map{{"key", List{text, text}}})}) {
        auto const tree = read_yaml(written, "f");
        RC_ASSERT(tree.has_value());
        auto value = *++tree->root().begin();
        if (value.kind() == NodeKind::list) {
            value = *value.begin();
        }
        RC_ASSERT(value.kind() == NodeKind::scalar);
        RC_ASSERT(value.text() == text);
    }
}

}  // namespace
}  // namespace muster::config
