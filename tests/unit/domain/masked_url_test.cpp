#include <muster/domain/masked_url.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

Url url_of(std::string_view text) {
    return parse_url(text).value();
}

std::string unmasked_text(std::string_view text, std::string_view known) {
    auto const url = unmasked(url_of(text), url_of(known));
    return url ? secret_text(*url) : "nothing";
}

TEST(MaskedUrl, ShowsThatThereIsASecretAndNotWhich) {
    EXPECT_EQ(masked_text(url_of("http://h/x?a=1")), "http://h/x?a=1");
    EXPECT_EQ(masked_text(url_of("https://me:pw@h:8443/x?token=hush")),
              "https://***@h:8443/x?token=***");
    EXPECT_EQ(masked_text(url_of("http://me@[::1]:81")), "http://***@[::1]:81/");
}

TEST(MaskedUrl, KnowsItsMasks) {
    for (auto const* text : {"http://***@h", "http://***:***@h", "http://me:***@h",
                             "http://***:pw@h", "http://h/?key=***"}) {
        EXPECT_TRUE(has_mask(url_of(text))) << text;
    }
    for (auto const* text : {"http://h", "http://me:pw@h", "http://h/***?a=***", "http://****@h"}) {
        EXPECT_FALSE(has_mask(url_of(text))) << text;
    }
}

TEST(MaskedUrl, TakesTheKnownSecretsInTheirPlaces) {
    constexpr auto kKnown = "http://me:pw@h/a?x=1&token=one&key=k&token=two";
    EXPECT_EQ(unmasked_text(masked_text(url_of(kKnown)), kKnown), kKnown);
    EXPECT_EQ(unmasked_text("http://me:***@h/b?key=***", kKnown), "http://me:pw@h/b?key=k");
    EXPECT_EQ(unmasked_text("http://***:***@h/", kKnown), "http://me:pw@h/");
    EXPECT_EQ(unmasked_text("http://h/?token=***&y&token=new", kKnown),
              "http://h/?token=one&y&token=new");
    EXPECT_EQ(unmasked_text("http://you:other@h/?q=***", kKnown), "http://you:other@h/?q=***");
    EXPECT_EQ(unmasked_text("http://h/?key=***", "http://h/?key="), "http://h/?key=");
}

TEST(MaskedUrl, GuessesNoSecret) {
    constexpr auto kKnown = "http://me:pw@h/a?token=one&token=two";
    for (auto const* text : {"http://you:***@h/", "http://***:other@h/", "http://h/?key=***",
                             "http://h/?token=***", "http://h/?token=***&token=***&token=***"}) {
        EXPECT_EQ(unmasked_text(text, kKnown), "nothing") << text;
    }
    EXPECT_EQ(unmasked_text("http://***@h/", "http://h/"), "nothing");
    EXPECT_EQ(unmasked_text("http://h/?key=***", "http://h/?key"), "nothing");
}

}  // namespace
}  // namespace muster
