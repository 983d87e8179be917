#include <muster/api/live_channels.hpp>

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/api/live_position.hpp>

namespace muster {
namespace {

using Names = std::vector<std::string>;

LiveChannels of_health() {
    return LiveChannels({"snapshot", "health"});
}

TEST(LiveChannels, AreAllUntilSomethingIsNamed) {
    auto channels = of_health();
    EXPECT_EQ(channels.names(), (Names{"snapshot", "health"}));
    ASSERT_TRUE(channels.add({"project:shop"}));
    EXPECT_EQ(channels.names(), (Names{"project:shop"}));
    EXPECT_FALSE(channels.has("health"));
    ASSERT_TRUE(channels.add({"health", "project:bank"}));
    EXPECT_EQ(channels.names(), (Names{"health", "project:bank", "project:shop"}));
    ASSERT_TRUE(channels.remove({"health", "project:shop", "project:never"}));
    EXPECT_EQ(channels.names(), (Names{"project:bank"}));
}

TEST(LiveChannels, LoseWhatIsTakenAwayFirst) {
    auto channels = of_health();
    ASSERT_TRUE(channels.remove({"snapshot"}));
    EXPECT_EQ(channels.names(), (Names{"health"}));
    ASSERT_TRUE(channels.remove({"health"}));
    EXPECT_EQ(channels.names(), Names{});
    ASSERT_TRUE(channels.add({"project:7"}));
    EXPECT_EQ(channels.names(), (Names{"project:7"}));
}

TEST(LiveChannels, StayAsTheyWereAfterAMistake) {
    auto channels = of_health();
    for (std::string const wrong : {"", "Health", "project:", "project:a/b", "status-update"}) {
        auto const added = channels.add({"project:shop", wrong});
        ASSERT_FALSE(added);
        EXPECT_EQ(added.error().message,
                  "unknown channel '" + wrong +
                      "': channels here are snapshot, health and project:<name>");
        EXPECT_FALSE(channels.remove({"health", wrong}));
    }
    EXPECT_EQ(channels.names(), (Names{"snapshot", "health"}));
}

TEST(LiveChannels, AreBounded) {
    auto channels = of_health();
    Names many;
    for (std::size_t number = 0; number < LiveChannels::kMost; ++number) {
        many.push_back("project:p" + std::to_string(number));
    }
    ASSERT_TRUE(channels.add(many));
    auto const more = channels.add({"project:one-more"});
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().message, "more than 1000 channels");
    EXPECT_TRUE(channels.add({"health", "project:p5"})) << "what is known is none more";
}

TEST(LiveChannels, AreReadFromAQuery) {
    auto const names = [](std::vector<QueryParameter> query) {
        Target target;
        target.query = std::move(query);
        QueryReader reader(target);
        auto const channels = asked_channels({"snapshot", "health"}, reader);
        return channels ? channels->names() : Names{channels.error().message};
    };
    EXPECT_EQ(names({}), (Names{"snapshot", "health"}));
    EXPECT_EQ(names({{"channels", ""}}), (Names{"snapshot", "health"}));
    EXPECT_EQ(names({{"channels", "project:b,health"}}), (Names{"health", "project:b"}));
    EXPECT_EQ(names({{"channels", "health,,"}}),
              (Names{"channels: unknown channel '': channels here are snapshot, health and "
                     "project:<name>"}));
}

TEST(LivePosition, IsReadAsItIsWritten) {
    for (LivePosition const position :
         {LivePosition{0, 0}, LivePosition{1'700'000'000'000, 42},
          LivePosition{18'446'744'073'709'551'615U, 18'446'744'073'709'551'615U}}) {
        EXPECT_EQ(parse_live_position(to_text(position)), position);
    }
    for (std::string_view const wrong : {"", ":", "1", "1:", ":1", "1:2:3", " 1:2", "1:2 ", "-1:2",
                                         "1:+2", "0x1:2", "a:b", "1:18446744073709551616"}) {
        EXPECT_EQ(parse_live_position(wrong), std::nullopt) << wrong;
    }
}

}  // namespace
}  // namespace muster
