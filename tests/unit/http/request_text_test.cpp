#include <muster/http/request_text.hpp>

#include <string>
#include <vector>

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

TEST(RequestText, SendsABodyWithItsLengthAndType) {
    auto const post = [](std::string_view body, std::vector<HttpHeader> const& headers = {}) {
        return request_text(url_of("http://h/"),
                            {.method = HttpMethod::post, .headers = headers, .body = body});
    };
    EXPECT_EQ(post(R"( {"q":1})"),
              "POST / HTTP/1.1\r\nHost: h\r\nUser-Agent: muster\r\nAccept: */*\r\n"
              "Content-Type: application/json\r\nContent-Length: 8\r\nConnection: close\r\n\r\n"
              R"( {"q":1})");
    EXPECT_NE(post("ping").find("\r\nContent-Type: text/plain; charset=utf-8\r\n"),
              std::string::npos);
    auto const own = post("a=b", {{"content-type", "application/x-www-form-urlencoded"}});
    EXPECT_NE(own.find("\r\ncontent-type: application/x-www-form-urlencoded\r\n"),
              std::string::npos);
    EXPECT_EQ(own.find("text/plain"), std::string::npos);
    auto const empty = post("");
    EXPECT_NE(empty.find("\r\nContent-Length: 0\r\n"), std::string::npos);
    EXPECT_EQ(empty.find("Content-Type"), std::string::npos);
}

TEST(RequestText, LetsHeadersTakeThePlaceOfOurs) {
    std::vector<HttpHeader> const headers{
        {"accept", "text/html"},       {"USER-AGENT", "probe/2"}, {"Authorization", "Bearer abc"},
        {"hOST", "shop.example:8080"}, {"X-Blank", "  value\t"},  {"X-Empty", ""}};
    EXPECT_EQ(request_text(url_of("http://user:pw@127.0.0.1/"),
                           {.method = HttpMethod::head, .headers = headers}),
              "HEAD / HTTP/1.1\r\nHost: shop.example:8080\r\naccept: text/html\r\n"
              "USER-AGENT: probe/2\r\nAuthorization: Bearer abc\r\nX-Blank: value\r\n"
              "X-Empty: \r\nConnection: close\r\n\r\n");
}

std::string refusal(HttpHeader const& header) {
    auto const checked = check_headers(std::vector{header});
    EXPECT_FALSE(checked) << header.name;
    return checked ? std::string() : checked.error().message;
}

TEST(CheckHeaders, RefusesWhatWouldSmuggleInALine) {
    using namespace std::string_literals;
    for (auto const& value : {"a\r\nEvil: 1"s, "a\nb"s, "a\rb"s, "a\0b"s, "\x7f"s}) {
        EXPECT_EQ(refusal({"X-Key", value}),
                  "the value of header 'X-Key' has a line end or another control character");
    }
    for (auto const& name : {""s, "a b"s, "a:"s, "a\r\nb"s, "\xc3\xa4"s, "a\0"s}) {
        EXPECT_NE(refusal({name, "x"}).find("is no name of a header"), std::string::npos);
    }
    EXPECT_EQ(refusal({"X\r\nY", "hush"}).find("hush"), std::string::npos);
}

TEST(CheckHeaders, RefusesWhatIsOurs) {
    EXPECT_EQ(
        refusal({"connection", "close"}),
        "header 'connection' cannot be given: say 'connection: reuse' or 'connection: fresh'");
    EXPECT_EQ(refusal({"Content-Length", "5"}),
              "header 'Content-Length' cannot be given: it follows from the body");
    for (auto const* name : {"Transfer-Encoding", "Keep-Alive", "TE", "Trailer", "Upgrade",
                             "Expect", "Proxy-Connection"}) {
        EXPECT_NE(refusal({name, "x"}).find("cannot be given"), std::string::npos) << name;
    }
}

TEST(CheckHeaders, TakesOneHostThatIsOne) {
    EXPECT_TRUE(check_headers(std::vector<HttpHeader>{{"Host", "[::1]:80"}}));
    for (auto const* value : {"", "a b", "a,b", "u@h", "h/x"}) {
        EXPECT_EQ(refusal({"Host", value}), "header 'Host' is a name, or a name and a port");
    }
    EXPECT_FALSE(check_headers(std::vector<HttpHeader>{{"Host", "a"}, {"host", "a"}}));
    EXPECT_TRUE(check_headers(std::vector<HttpHeader>{{"X-A", "b\tc \xc3\xa4"}, {"x-a", "d"}}));
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
