#include <muster/domain/http_header_rules.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

std::string reason_of(Result<void> const& checked) {
    return checked ? std::string() : checked.error().message;
}

TEST(HttpHeaderRules, NamesAreTokensThatAreNotOurs) {
    for (auto const* name : {"X-Key", "accept", "Host", "Authorization", "a!#$%&'*+-.^_`|~9"}) {
        EXPECT_TRUE(check_header_name(name)) << name;
    }
    for (auto const* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa4"}) {
        EXPECT_NE(reason_of(check_header_name(name)).find("is no name of a header"),
                  std::string::npos)
            << name;
    }
    for (auto const* name : {"Connection", "Keep-Alive", "proxy-connection", "CONTENT-LENGTH",
                             "Transfer-Encoding", "Trailer", "TE", "Upgrade", "Expect"}) {
        EXPECT_NE(reason_of(check_header_name(name)).find("cannot be given"), std::string::npos)
            << name;
    }
}

TEST(HttpHeaderRules, ValuesHaveOneLine) {
    EXPECT_TRUE(check_header_value("X-A", "b\tc \xc3\xa4"));
    EXPECT_TRUE(check_header_value("X-A", ""));
    for (auto const* value : {"a\r\nEvil: 1", "a\nb", "a\rb", "\x7f", "\x01"}) {
        EXPECT_EQ(reason_of(check_header_value("X-Key", value)),
                  "the value of header 'X-Key' has a line end or another control character");
    }
}

TEST(HttpHeaderRules, AHostIsAName) {
    EXPECT_TRUE(check_header_value("hOST", "[::1]:80"));
    for (auto const* value : {"", "a b", "a,b", "u@h", "h/x"}) {
        EXPECT_EQ(reason_of(check_header_value("hOST", value)),
                  "header 'Host' is a name, or a name and a port");
    }
}

TEST(HttpHeaderRules, NamesAreEqualInAnyCase) {
    EXPECT_TRUE(same_header_name("X-Key", "x-kEY"));
    EXPECT_FALSE(same_header_name("X-Key", "X-Ke"));
    EXPECT_FALSE(same_header_name("X-Key", "X_Key"));
}

}  // namespace
}  // namespace muster
