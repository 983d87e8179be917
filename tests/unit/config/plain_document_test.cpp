#include <muster/config/plain_document.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/config/yaml_reader.hpp>

namespace muster::config {
namespace {

std::string as_json(std::string const& yaml) {
    auto const tree = read_yaml(yaml, "f");
    return tree ? to_json(plain_document(tree->root())) : to_text(tree.error().front());
}

TEST(PlainDocument, KeepsWhatJsonKnowsAndTakesTheRestForText) {
    EXPECT_EQ(as_json("a: 1\nb: -2.5e3\nc: true\nd: null\ne: ~\nf:\n"),
              R"({"a":1,"b":-2.5e3,"c":true,"d":null,"e":null,"f":null})");
    EXPECT_EQ(as_json("a: 30s\nb: 007\nc: 1.\nd: .5\ne: on\nf: +1\ng: 1e\nh: \"-\""),
              R"({"a":"30s","b":"007","c":"1.","d":".5","e":"on","f":"+1","g":"1e","h":"-"})");
    EXPECT_EQ(as_json("a: '1'\nb: \"true\"\nc: ''"), R"({"a":"1","b":"true","c":""})");
}

TEST(PlainDocument, KeepsShapeAndOrder) {
    EXPECT_EQ(as_json("[{ z: [1, [2]], a: {} }, text]"), R"([{"z":[1,[2]],"a":{}},"text"])");
    EXPECT_EQ(as_json(R"({"probe":{"tcp":"127.0.0.1:25"}})"),
              R"({"probe":{"tcp":"127.0.0.1:25"}})");
    EXPECT_EQ(as_json(""), "null");
}

}  // namespace
}  // namespace muster::config
