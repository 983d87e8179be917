#include <muster/codec/json_text.hpp>

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace muster {
namespace {

std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string number(double value) {
    std::string out;
    append_json_number(out, value);
    return out;
}

std::string percent(double value) {
    std::string out;
    append_json_percent(out, value);
    return out;
}

TEST(JsonText, EscapesWhatMustBeEscapedAndNothingElse) {
    EXPECT_EQ(json_string(""), R"("")");
    EXPECT_EQ(json_string("plain /text/ ü €"), R"("plain /text/ ü €")");
    EXPECT_EQ(json_string("\"\\"), R"("\"\\")");
    EXPECT_EQ(json_string("\b\f\n\r\t"), R"("\b\f\n\r\t")");
    EXPECT_EQ(json_string(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
}

RC_GTEST_PROP(JsonText, AnyTextReadsBackTheSame, (std::vector<char> const& characters)) {
    std::string text;
    for (char const character : characters) {
        text += static_cast<char>(character & 0x7f);
    }
    RC_ASSERT(nlohmann::json::parse(json_string(text)).get<std::string>() == text);
}

TEST(JsonText, WritesNumbersAsPeopleDo) {
    EXPECT_EQ(number(0), "0");
    EXPECT_EQ(number(-0.0), "0");
    EXPECT_EQ(number(125.3), "125.3");
    EXPECT_EQ(number(100'000), "100000");
    EXPECT_EQ(number(0.0001), "0.0001");
    EXPECT_EQ(number(-1.5), "-1.5");
    EXPECT_EQ(number(1e21), "1e+21");
    EXPECT_EQ(number(1.0 / 3), "0.3333333333333333");
    EXPECT_EQ(number(std::nan("")), "null");
    EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
    std::string out;
    append_json_number(out, std::numeric_limits<std::int64_t>::min());
    out += ' ';
    append_json_number(out, std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(out, "-9223372036854775808 18446744073709551615");
}

RC_GTEST_PROP(JsonText, AnyNumberReadsBackTheSame, (double value)) {
    RC_PRE(std::isfinite(value));
    RC_ASSERT(nlohmann::json::parse(number(value)).get<double>() == value);
}

TEST(JsonText, RoundsPercentagesHonestly) {
    EXPECT_EQ(percent(100), "100");
    EXPECT_EQ(percent(0), "0");
    EXPECT_EQ(percent(99.8), "99.8");
    EXPECT_EQ(percent(99.98611111), "99.9861");
    EXPECT_EQ(percent(99.9999999), "99.9999");
    EXPECT_EQ(percent(0.0000001), "0.0001");
    EXPECT_EQ(percent(std::nan("")), "null");
}

TEST(JsonText, WritesTimesAsTheBaseDoes) {
    std::string out;
    append_json_time(out, WallTime(Millis(1'795'326'900'123)));
    EXPECT_EQ(out, R"("2026-11-22T05:55:00.123Z")");
}

RC_GTEST_PROP(JsonText, AnyTimeIsWrittenAsTheBaseDoes, ()) {
    auto const time =
        WallTime(Millis(*rc::gen::inRange<std::int64_t>(-70'000'000'000'000, 260'000'000'000'000)));
    std::string out;
    append_json_time(out, time);
    RC_ASSERT(out == '"' + to_rfc3339(time) + '"');
}

TEST(JsonText, BuildsObjects) {
    std::string out;
    JsonObject object(out);
    object.text("a", "x");
    object.number("b", 1.5);
    object.boolean("c", true);
    object.null("d");
    object.raw("e", "[]");
    object.close();
    EXPECT_EQ(out, R"({"a":"x","b":1.5,"c":true,"d":null,"e":[]})");
    std::string empty;
    JsonObject(empty).close();
    EXPECT_EQ(empty, "{}");
}

TEST(JsonText, TellsObjectsFromTheRest) {
    EXPECT_TRUE(is_json_object("{}"));
    EXPECT_TRUE(is_json_object(R"({"a":[1,{"b":null}]})"));
    for (std::string_view const text : {"", "[]", "[{}]", "1", "{", "{}{}", "{\"a\":}", "null"}) {
        EXPECT_FALSE(is_json_object(text)) << text;
    }
}

}  // namespace
}  // namespace muster
