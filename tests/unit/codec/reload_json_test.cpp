#include <muster/codec/reload_json.hpp>

#include <gtest/gtest.h>

#include <muster/codec/envelope_json.hpp>

namespace muster {
namespace {

TEST(ReloadJson, IsReadAsItWasWritten) {
    ReloadReport const written{
        {{ObjectKind::project, ChangeAction::added, "shop", "", {}},
         {ObjectKind::service, ChangeAction::changed, "shop/db", "", {"interval", "tags"}},
         {ObjectKind::service, ChangeAction::renamed, "shop/web", "shop/www", {"probe"}},
         {ObjectKind::maintenance, ChangeAction::removed, "backups \"daily\"", "", {}}},
        {"hub.listen"},
        {"shop/db says formerly: x"}};
    std::string text(envelope_head());
    append_reload_report(text, written);
    text += envelope_tail(WallTime{});
    auto const read = read_reload_answer(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, written);
}

TEST(ReloadJson, TellsARefusalInTheHubsWords) {
    auto const read =
        read_reload_answer(error_envelope("muster.yaml:3:1: wrong", "BAD_REQUEST", WallTime{}));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::invalid);
    EXPECT_EQ(read.error().message, "muster.yaml:3:1: wrong");
}

TEST(ReloadJson, TakesNothingElseForAnAnswer) {
    for (auto const* text : {"", "{}", "[]", "null", "<html>", R"({"data":{}})"}) {
        auto const read = read_reload_answer(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, Errc::corrupt) << text;
    }
    EXPECT_TRUE(read_reload_answer(R"({"success":true,"data":{"added":[1,{"kind":"x"}]}})"));
}

}  // namespace
}  // namespace muster
