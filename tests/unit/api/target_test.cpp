#include <muster/api/target.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

using Query = std::vector<QueryParameter>;
using Segments = std::vector<std::string>;

std::string problem_of(std::string_view raw) {
    auto const target = parse_target(raw);
    return target ? "none" : target.error().message;
}

TEST(Target, TakesPathAndQueryApart) {
    auto const target = parse_target("/api/history/shop?hours=24&service=app").value();
    EXPECT_EQ(target.path, "/api/history/shop");
    EXPECT_EQ(target.segments, (Segments{"api", "history", "shop"}));
    EXPECT_EQ(target.query, (Query{{"hours", "24"}, {"service", "app"}}));
}

TEST(Target, DecodesOnce) {
    auto const target = parse_target("/a%20b/c+d/%2541?x%3D=1+2&y=%26%3d&z=a=b").value();
    EXPECT_EQ(target.path, "/a b/c+d/%41");
    EXPECT_EQ(target.segments, (Segments{"a b", "c+d", "%41"}));
    EXPECT_EQ(target.query, (Query{{"x=", "1 2"}, {"y", "&="}, {"z", "a=b"}}));
}

TEST(Target, KeepsAnEscapedSlashInItsSegment) {
    auto const target = parse_target("/api/services/shop%2Fapp").value();
    EXPECT_EQ(target.segments, (Segments{"api", "services", "shop/app"}));
}

TEST(Target, TellsEmptySegmentsButForTheLast) {
    EXPECT_EQ(parse_target("/").value().segments, Segments{});
    EXPECT_EQ(parse_target("/ui/").value().segments, Segments{"ui"});
    EXPECT_EQ(parse_target("/ui/").value().path, "/ui/");
    EXPECT_EQ(parse_target("//x").value().segments, (Segments{"", "x"}));
}

TEST(Target, TakesOddQueries) {
    EXPECT_EQ(parse_target("/?").value().query, Query{});
    EXPECT_EQ(parse_target("/?&&").value().query, Query{});
    EXPECT_EQ(parse_target("/?a").value().query, (Query{{"a", ""}}));
    EXPECT_EQ(parse_target("/?=b").value().query, (Query{{"", "b"}}));
    EXPECT_EQ(parse_target("/?a=1?b=2").value().query, (Query{{"a", "1?b=2"}}));
    EXPECT_EQ(parse_target("/x?a=1#frag").value().query, (Query{{"a", "1"}}));
}

TEST(Target, TakesTheAbsoluteForm) {
    EXPECT_EQ(parse_target("http://hub:3001/api/events?limit=1").value(),
              parse_target("/api/events?limit=1").value());
    EXPECT_EQ(parse_target("http://hub").value().path, "/");
    EXPECT_EQ(parse_target("http://hub?x=1").value().query, (Query{{"x", "1"}}));
    EXPECT_EQ(parse_target("*").value().path, "*");
}

TEST(Target, SaysWhatIsWrong) {
    for (std::string_view const raw : {"", "api", "hub:3001", "://x", "http://", "?x"}) {
        EXPECT_EQ(problem_of(raw), "the URL must start with a slash") << raw;
    }
    for (std::string_view const raw : {"/%", "/%2", "/%zz", "/%2g", "/?x=%", "/?%4=1"}) {
        EXPECT_EQ(problem_of(raw), "the URL holds a broken percent escape") << raw;
    }
    for (std::string_view const raw : {"/%00", "/a%0d%0ab", "/?x=%1f", "/%7f"}) {
        EXPECT_EQ(problem_of(raw), "the URL holds control characters") << raw;
    }
    for (std::string_view const raw : {"/%ff", "/%c3", "/%c3/%a4", "/?x=%ed%a0%80"}) {
        EXPECT_EQ(problem_of(raw), "the URL is not valid UTF-8") << raw;
    }
}

std::string escape(std::string const& text) {
    std::string escaped;
    for (char const character : text) {
        constexpr std::string_view kHex = "0123456789abcdef";
        auto const code = static_cast<unsigned char>(character);
        escaped += '%';
        escaped += kHex[code >> 4U];
        escaped += kHex[code & 15U];
    }
    return escaped;
}

RC_GTEST_PROP(Target, WhatWasEscapedComesBack, ()) {
    auto const text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0x20, 0x7e));
    auto const target = parse_target("/x/" + escape(text) + "?k=" + escape(text)).value();
    RC_ASSERT(target.query.at(0).value == text);
    RC_ASSERT(target.segments.size() == (text.empty() ? 1U : 2U));
    RC_ASSERT((text.empty() || target.segments.at(1) == text));
}

}  // namespace
}  // namespace muster
