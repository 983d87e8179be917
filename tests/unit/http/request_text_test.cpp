#include <muster/http/request_text.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

Url url_of(std::string_view text) {
    return parse_url(text).value();
}

TEST(RequestText, IsOneGetWithItsHost) {
    EXPECT_EQ(request_text(url_of("http://example.org:8080/health?deep=1"), {}),
              "GET /health?deep=1 HTTP/1.1\r\n"
              "Host: example.org:8080\r\n"
              "User-Agent: muster\r\n"
              "Accept: */*\r\n"
              "Connection: close\r\n\r\n");
}

TEST(RequestText, AsksToKeepTheConnection) {
    auto const text =
        request_text(url_of("http://[::1]/"), {.keep = true, .user_agent = "muster/1"});
    EXPECT_NE(text.find("\r\nHost: [::1]\r\n"), std::string::npos);
    EXPECT_NE(text.find("\r\nUser-Agent: muster/1\r\n"), std::string::npos);
    EXPECT_NE(text.find("\r\nConnection: keep-alive\r\n\r\n"), std::string::npos);
}

TEST(RequestText, SendsUserInfoAsBasicCredentials) {
    auto const text = request_text(url_of("http://Aladdin:open%20sesame@example.org/"), {});
    EXPECT_NE(text.find("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"),
              std::string::npos);
}

TEST(Base64, FollowsTheTestVectorsOfRfc4648) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foob"), "Zm9vYg==");
    EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

TEST(PercentDecoded, LeavesWhatIsNoTriplet) {
    EXPECT_EQ(percent_decoded("a%3Ab%2f%"), "a:b/%");
    EXPECT_EQ(percent_decoded("100%"), "100%");
    EXPECT_EQ(percent_decoded("%zz%4"), "%zz%4");
    EXPECT_EQ(percent_decoded("%41"), "A");
}

}  // namespace
}  // namespace muster
