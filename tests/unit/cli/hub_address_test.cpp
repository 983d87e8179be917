#include <cli/client/hub_address.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

HubChoice choice(std::optional<std::string> hub, std::optional<std::string> token = {}) {
    HubChoice made;
    made.hub = std::move(hub);
    made.token = std::move(token);
    return made;
}

TEST(HubAddress, IsThatOfTheCommandLineElseOfTheEnvironment) {
    config::Configuration environment;
    auto const own = hub_address({}, {}, environment);
    ASSERT_TRUE(own);
    EXPECT_EQ(to_text(own->url), "http://127.0.0.1:3001/");
    EXPECT_EQ(own->token, "");
    EXPECT_EQ(own->timeout, 10s);

    environment.hub_url = "http://hub:80/";
    environment.token = "abc";
    auto const given = hub_address({}, {}, environment);
    ASSERT_TRUE(given);
    EXPECT_EQ(to_text(given->url), "http://hub/");
    EXPECT_EQ(given->token, "abc");

    auto const chosen = hub_address(choice("http://[::1]:4000/muster/", "def"), {}, environment);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(to_text(with_path(chosen->url, "/api/x?y=1")), "http://[::1]:4000/muster/api/x?y=1");
    EXPECT_EQ(chosen->token, "def");
}

TEST(HubAddress, TakesATokenFromAFileBeforeAll) {
    config::Configuration environment;
    environment.token = "abc";
    auto const address = hub_address({}, "  hush\r\n", environment);
    ASSERT_TRUE(address);
    EXPECT_EQ(address->token, "hush");

    auto const empty = hub_address({}, "\n", environment);
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().message,
              "the file of --token-file is empty: put the hub's token into it");
    auto const two_lines = hub_address({}, "hunter2\nmore", environment);
    ASSERT_FALSE(two_lines);
    EXPECT_EQ(two_lines.error().message.find("hunter"), std::string::npos);
}

TEST(HubAddress, RefusesWhatIsNotSentAsItIsMeant) {
    auto const https = hub_address(choice("https://h"), {}, {});
    ASSERT_FALSE(https);
    EXPECT_EQ(https.error().code, Errc::unsupported);
    EXPECT_EQ(https.error().message,
              "--hub: https is not built yet: ask https://h/ by http on its own machine");

    auto const password = hub_address(choice("http://me:hunter2@h"), {}, {});
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().message,
              "--hub: user and password are not sent to http://h/: leave them out, and give a "
              "--token");

    auto const nothing = hub_address(choice("h:3001"), {}, {});
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().message.find("--hub wants a URL such as"), 0U);

    config::Configuration environment;
    environment.hub_url = "https://h/";
    auto const by_variable = hub_address({}, {}, environment);
    ASSERT_FALSE(by_variable);
    EXPECT_EQ(by_variable.error().message.find("MUSTER_URL: https is not built yet"), 0U);

    auto const two_lines = hub_address(choice({}, "hunter2\r\nX: y"), {}, {});
    ASSERT_FALSE(two_lines);
    EXPECT_EQ(two_lines.error().message.find("hunter"), std::string::npos);
}

TEST(CallPath, EscapesWhatAPersonTyped) {
    EXPECT_EQ(path_segment("shop/app"), "shop%2Fapp");
    EXPECT_EQ(path_segment("a b?c#d%\xc3\xa4"), "a%20b%3Fc%23d%25%C3%A4");
    EXPECT_EQ(call_path("/api/events", {{"project", "a&b"}, {"service", ""}, {"limit", "5"}}),
              "/api/events?project=a%26b&limit=5");
    EXPECT_EQ(call_path("/api/events", {}), "/api/events");
}

}  // namespace
}  // namespace muster
