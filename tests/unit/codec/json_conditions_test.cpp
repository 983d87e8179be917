#include <muster/codec/json_conditions.hpp>

#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace muster {
namespace {

using namespace std::string_literals;

std::string unmet(std::string_view body, std::vector<JsonCondition> const& conditions) {
    auto const made = JsonConditions::make(conditions);
    EXPECT_TRUE(made) << made.error().message;
    return made ? made->first_unmet(body) : made.error().message;
}

struct Row {
    std::string body;
    JsonCondition condition;
    std::string unmet;
};

TEST(JsonConditions, SayWhatDoesNotHold) {
    Row const table[] = {
        {R"({"db":{"ok":true}})", {"db.ok", JsonTest::equals, true}, ""},
        {R"({"db":{"ok":false}})",
         {"db.ok", JsonTest::equals, true},
         "db.ok is false, expected true"},
        {R"({"db":{}})", {"db.ok", JsonTest::equals, true}, "db.ok is missing"},
        {R"({"db":true})", {"db.ok", JsonTest::equals, true}, "db.ok is missing"},
        {R"({"ok":true})", {"db.ok", JsonTest::equals, true}, "db.ok is missing"},
        {R"({"x":{"db":{"ok":true}}})", {"db.ok", JsonTest::equals, true}, "db.ok is missing"},
        {R"({"db":{"ok":"true"}})",
         {"db.ok", JsonTest::equals, true},
         "db.ok is \"true\", expected true"},
        {R"({"db":{"ok":{}}})",
         {"db.ok", JsonTest::equals, true},
         "db.ok is an object, expected true"},
        {R"({"db":{"ok":[true]}})",
         {"db.ok", JsonTest::equals, true},
         "db.ok is an array, expected true"},
        {R"({"a":null})", {"a", JsonTest::equals, {}}, ""},
        {R"({"a":1})", {"a", JsonTest::equals, {}}, "a is 1, expected null"},
        {R"({"a":1})", {"a", JsonTest::equals, 1.0}, ""},
        {R"({"a":1.0})", {"a", JsonTest::equals, 1.0}, ""},
        {R"({"a":"up"})", {"a", JsonTest::equals, "up"s}, ""},
        {R"({"a":"UP"})", {"a", JsonTest::equals, "up"s}, "a is \"UP\", expected \"up\""},
        {R"({"a":null})", {"a", JsonTest::exists, true}, ""},
        {R"({"a":[]})", {"a", JsonTest::exists, true}, ""},
        {R"({"a":{}})", {"a", JsonTest::exists, {}}, ""},
        {R"({})", {"a", JsonTest::exists, {}}, "a is missing"},
        {R"({})", {"a", JsonTest::exists, false}, ""},
        {R"({"a":"boom"})", {"a", JsonTest::exists, false}, "a is \"boom\", expected none"},
        {R"({"a":{"b":1}})", {"a", JsonTest::exists, false}, "a is an object, expected none"},
        {R"({"mode":"normal"})", {"mode", JsonTest::differs, "maintenance"s}, ""},
        {R"({"mode":"maintenance"})",
         {"mode", JsonTest::differs, "maintenance"s},
         "mode is \"maintenance\", expected anything else"},
        {R"({})", {"mode", JsonTest::differs, "maintenance"s}, "mode is missing"},
        {R"({"mode":[]})", {"mode", JsonTest::differs, "maintenance"s}, ""},
        {R"({"n":5})", {"n", JsonTest::at_least, 5.0}, ""},
        {R"({"n":4.5})", {"n", JsonTest::at_least, 5.0}, "n is 4.5, expected at least 5"},
        {R"({"n":-1})", {"n", JsonTest::at_most, 0.0}, ""},
        {R"({"n":18446744073709551615})", {"n", JsonTest::at_least, 1e19}, ""},
        {R"({"n":3})", {"n", JsonTest::at_most, 2.5}, "n is 3, expected at most 2.5"},
        {R"({"n":"9"})", {"n", JsonTest::at_least, 5.0}, "n is \"9\", expected at least 5"},
        {R"({"n":null})", {"n", JsonTest::at_most, 5.0}, "n is null, expected at most 5"},
        {R"({"nodes":[{"role":"a"},{"role":"b"}]})", {"nodes.1.role", JsonTest::equals, "b"s}, ""},
        {R"({"nodes":[{"role":"a"},{"role":"b"}]})",
         {"nodes.0.role", JsonTest::equals, "b"s},
         "nodes.0.role is \"a\", expected \"b\""},
        {R"({"nodes":[[],[1,{"x":[7]},3]]})", {"nodes.1.2", JsonTest::equals, 3.0}, ""},
        {R"({"nodes":[[],[1,{"x":[7]},3]]})", {"nodes.1.1.x.0", JsonTest::equals, 7.0}, ""},
        {R"({"nodes":[1]})", {"nodes.1", JsonTest::exists, true}, "nodes.1 is missing"},
        {R"({"nodes":{"1":"x"}})", {"nodes.1", JsonTest::equals, "x"s}, ""},
        {R"(["a","b"])", {"1", JsonTest::equals, "b"s}, ""},
        {R"([["a"],"b"])", {"0.0", JsonTest::equals, "a"s}, ""},
        {R"([1])", {"00", JsonTest::equals, 1.0}, ""},
        {R"(["x"])", {"-1", JsonTest::exists, true}, "-1 is missing"},
        {"true", {"a", JsonTest::exists, true}, "a is missing"},
        {R"({"a":{"b":1},"a":{"b":2}})", {"a.b", JsonTest::equals, 1.0}, "a.b is 2, expected 1"},
        {R"({"a":{"x":{}},"b":{"c":1}})", {"a.c", JsonTest::exists, true}, "a.c is missing"},
        {R"({"a":[{"b":1}],"b":2})", {"b", JsonTest::equals, 2.0}, ""},
        {"", {"a", JsonTest::exists, false}, "body is not readable JSON"},
        {"ok", {"a", JsonTest::exists, true}, "body is not readable JSON"},
        {R"({"a":1)", {"a", JsonTest::equals, 1.0}, "body is not readable JSON"},
        {R"({"a":1} x)", {"a", JsonTest::equals, 1.0}, "body is not readable JSON"},
        {std::string(100, '['), {"a", JsonTest::exists, true}, "body is nested too deep to read"},
        {R"({"auth":{"token":"hush"}})",
         {"auth.token", JsonTest::equals, "hidden"s},
         "auth.token is not what is expected"},
    };
    for (auto const& row : table) {
        EXPECT_EQ(unmet(row.body, {row.condition}), row.unmet) << row.body;
    }
}

TEST(JsonConditions, TellOfTheFirstInTheirOwnOrder) {
    std::vector<JsonCondition> const conditions{{"b", JsonTest::equals, 1.0},
                                                {"a", JsonTest::equals, 1.0}};
    EXPECT_EQ(unmet(R"({"a":1,"b":1})", conditions), "");
    EXPECT_EQ(unmet(R"({"a":2,"b":3})", conditions), "b is 3, expected 1");
    EXPECT_EQ(unmet(R"({"b":1})", conditions), "a is missing");
}

TEST(JsonConditions, NoneHoldOfAnyBody) {
    EXPECT_EQ(JsonConditions().first_unmet("not JSON"), "");
    EXPECT_TRUE(JsonConditions::make({}).value().empty());
}

TEST(JsonConditions, CutWhatTheyShow) {
    auto const text =
        unmet("{\"a\":\"" + std::string(5000, 'x') + "\\u0000\"}", {{"a", JsonTest::equals, true}});
    EXPECT_EQ(text, "a is \"" + std::string(60, 'x') + "\", expected true");
    EXPECT_EQ(unmet(R"({"a":"x\u0000y\n"})", {{"a", JsonTest::equals, true}}),
              "a is \"x\xEF\xBF\xBDy \", expected true");
}

TEST(JsonConditions, RefuseWhatCannotBeMeant) {
    auto const refusal = [](JsonCondition const& condition) {
        auto const made = JsonConditions::make({condition});
        EXPECT_FALSE(made) << condition.field;
        return made ? std::string() : made.error().message;
    };
    for (auto const* field : {"", ".", "a.", ".a", "a..b"}) {
        EXPECT_EQ(refusal({field, JsonTest::exists, true}),
                  "the JSON field '"s + field +
                      "' has an empty name: write names joined by dots, such as db.ok or "
                      "nodes.0.role");
    }
    EXPECT_EQ(refusal({"n", JsonTest::at_least, "5"s}),
              "'atLeast' of the JSON field 'n' wants a number to be held against");
    EXPECT_EQ(refusal({"n", JsonTest::at_most, std::numeric_limits<double>::infinity()}),
              "'atMost' of the JSON field 'n' wants a number to be held against");
    EXPECT_EQ(refusal({"n", JsonTest::exists, 1.0}),
              "'exists' of the JSON field 'n' is true or false");
    std::string deep = "a";
    for (int level = 0; level < 64; ++level) {
        deep += ".a";
    }
    EXPECT_NE(refusal({deep, JsonTest::exists, true}).find("is deeper than 64 names"),
              std::string::npos);
    EXPECT_FALSE(JsonConditions::make(std::vector<JsonCondition>(65, {"a", {}, {}})));
}

nlohmann::json any_scalar() {
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            return nullptr;
        case 1:
            return true;
        case 2:
            return false;
        case 3:
            return *rc::gen::inRange(-2, 3);
        case 4:
            return 0.5 * *rc::gen::inRange(-2, 3);
        default:
            return *rc::gen::element<std::string>("a", "b", "up");
    }
}

std::string any_name() {
    return *rc::gen::element<std::string>("a", "b", "0", "1");
}

nlohmann::json any_json(int depth) {
    auto const kind = *rc::gen::inRange(0, depth == 0 ? 1 : 3);
    if (kind == 0) {
        return any_scalar();
    }
    auto made = kind == 1 ? nlohmann::json::object() : nlohmann::json::array();
    for (auto count = *rc::gen::inRange(0, 4); count > 0; --count) {
        if (kind == 1) {
            made[any_name()] = any_json(depth - 1);
        } else {
            made.push_back(any_json(depth - 1));
        }
    }
    return made;
}

JsonCondition any_condition() {
    JsonCondition condition;
    condition.field = any_name();
    for (auto more = *rc::gen::inRange(0, 3); more > 0; --more) {
        condition.field += "." + any_name();
    }
    condition.test = static_cast<JsonTest>(*rc::gen::inRange(0, 5));
    if (condition.test == JsonTest::exists) {
        condition.value = *rc::gen::arbitrary<bool>();
    } else if (condition.test == JsonTest::at_least || condition.test == JsonTest::at_most) {
        condition.value = 0.5 * *rc::gen::inRange(-2, 3);
    } else {
        auto const value = any_scalar();
        if (value.is_boolean()) {
            condition.value = value.get<bool>();
        } else if (value.is_number()) {
            condition.value = value.get<double>();
        } else if (value.is_string()) {
            condition.value = value.get<std::string>();
        }
    }
    return condition;
}

/// The plain way: walk down a whole document tree.
nlohmann::json const* find(nlohmann::json const& document, std::string field) {
    auto const* at = &document;
    while (!field.empty()) {
        auto const dot = std::min(field.find('.'), field.size());
        auto const name = field.substr(0, dot);
        field.erase(0, dot + 1);
        if (at->is_object() && at->contains(name)) {
            at = &at->at(name);
        } else if (at->is_array() && (name == "0" || name == "1") &&
                   at->size() > std::stoul(name)) {
            at = &at->at(std::stoul(name));
        } else {
            return nullptr;
        }
    }
    return at;
}

nlohmann::json json_of(JsonScalar const& value) {
    struct Made {
        nlohmann::json operator()(std::monostate /*null*/) const { return nullptr; }
        nlohmann::json operator()(bool flag) const { return flag; }
        nlohmann::json operator()(double number) const { return number; }
        nlohmann::json operator()(std::string const& text) const { return text; }
    };
    return std::visit(Made{}, value);
}

bool holds(nlohmann::json const& document, JsonCondition const& condition) {
    auto const* const found = find(document, condition.field);
    auto const value = json_of(condition.value);
    switch (condition.test) {
        case JsonTest::exists:
            return (found != nullptr) == value.get<bool>();
        case JsonTest::equals:
            return found != nullptr && *found == value;
        case JsonTest::differs:
            return found != nullptr && *found != value;
        case JsonTest::at_least:
            return found != nullptr && found->is_number() && found->get<double>() >= value;
        case JsonTest::at_most:
            return found != nullptr && found->is_number() && found->get<double>() <= value;
    }
    return false;
}

RC_GTEST_PROP(JsonConditionsProperty, AgreeWithAWholeTree, ()) {
    auto const document = any_json(4);
    std::vector<JsonCondition> conditions;
    for (auto count = *rc::gen::inRange(1, 4); count > 0; --count) {
        conditions.push_back(any_condition());
    }
    auto const text = document.dump();
    auto const unmet = JsonConditions::make(conditions).value().first_unmet(text);
    std::string expected_start;
    for (auto const& condition : conditions) {
        if (!holds(document, condition)) {
            expected_start = condition.field + " is ";
            break;
        }
    }
    RC_LOG() << text << " gave " << unmet;
    RC_ASSERT(unmet.empty() == expected_start.empty());
    RC_ASSERT(unmet.starts_with(expected_start));
}

}  // namespace
}  // namespace muster
